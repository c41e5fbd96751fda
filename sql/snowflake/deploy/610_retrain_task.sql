-- Every Monday before dawn: churn-mcp itself in a container trains on the warehouse's data, compares the new version
-- with the champion, and writes back what it found. It logs in by the token that Snowflake gives to containers.
create or replace task models.retrain_churn
schedule = 'USING CRON 0 4 * * 1 UTC'
as
execute job service
in compute pool blank_compute_pool
name = models.retrain_churn_job
async = true
replicas = 1
query_warehouse = blank_warehouse
from specification
$$
spec:
  containers:
    - name: churn-mcp
      image: blank_image
      command: [sh, -c]
      args:
        - >-
          export CHURN_MCP_SNOWFLAKE_ACCOUNT="$SNOWFLAKE_ACCOUNT"
          CHURN_MCP_SNOWFLAKE_URL="https://$SNOWFLAKE_HOST"
          CHURN_MCP_SNOWFLAKE_TOKEN="$(cat /snowflake/session/token)";
          node dist/cli.js models pull --promote;
          node dist/cli.js retrain --model customer_churn_forecast --quiet;
          node dist/cli.js models push && node dist/cli.js score --model customer_churn_forecast --to-snowflake
      env:
        CHURN_MCP_HOME: /tmp/churn-mcp
        CHURN_MCP_DATA_SOURCE: snowflake
        CHURN_MCP_SNOWFLAKE_AUTHENTICATOR: oauth
$$
