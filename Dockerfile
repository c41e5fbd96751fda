# The HTTP server, without root. It takes the same tree as the MCPB bundle: the build, production dependencies, and native files
# of this platform only.
#
#   docker build -t churn-mcp .
#   docker run --rm -v churn:/data -v "$PWD":/in:ro churn-mcp import --orders /in/orders.csv
#   docker run -d -p 3000:3000 -v churn:/data -e CHURN_MCP_HTTP_TOKEN=… churn-mcp

FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run bundle && node_modules/.bin/mcpb unpack bundle/*.mcpb /app

FROM node:22-bookworm-slim
ENV NODE_ENV=production CHURN_MCP_HOME=/data CHURN_MCP_HTTP_PORT=3000
WORKDIR /app
COPY --from=build /app ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CHURN_MCP_HTTP_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["http", "--host", "0.0.0.0"]
