/** The server as a container inside the account: what is sent for it, and the container's own command as a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../../src/package-root.ts';
import type { ModelRegistry } from '../../../src/registry/model-registry.ts';
import { planDeployment, planRemoval } from '../../../src/snowflake/deployment/deployment.ts';
import { runDeployment, runRemoval } from '../../../src/snowflake/deployment/run-deployment.ts';
import { freePort } from '../../helpers/free-port.ts';
import { OF_CLIENTS, sendRequest } from '../../helpers/http-request.ts';
import { INITIALIZE } from '../../helpers/http-server.ts';
import { copyOfHome } from '../../helpers/shared-homes.ts';
import { newTestHome } from '../../helpers/snapshot.ts';
import { draftRegistry, planned } from '../../helpers/snowflake/deployed-account.ts';
import { currentSnapshotFile, PASSWORD, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

/** As the page "Service specification reference" has it, as far as it is used. */
const specificationSchema = z.strictObject({
  spec: z.strictObject({
    containers: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/),
          image: z.string(),
          command: z.array(z.string()),
          args: z.array(z.string()),
          env: z.record(z.string(), z.string()),
          readinessProbe: z.strictObject({ port: z.int(), path: z.string().startsWith('/') }),
          resources: z.strictObject({
            requests: z.strictObject({ cpu: z.number(), memory: z.string().regex(/^\d+Gi$/) }),
            limits: z.strictObject({ cpu: z.number(), memory: z.string().regex(/^\d+Gi$/) }),
          }),
        }),
      )
      .length(1),
    endpoints: z
      .array(z.strictObject({ name: z.string(), port: z.int(), public: z.literal(true) }))
      .length(1),
  }),
});

const NO_SERVER = { url: 'http://127.0.0.1' };

let registry: ModelRegistry;

beforeAll(async () => {
  registry = await draftRegistry();
});

async function containerOf(config = snowflakeConfig(NO_SERVER)) {
  const [{ text }] = await planned(registry, config, ['service']);
  const [, specification = ''] = /\$\$\n(.*)\n\$\$/s.exec(text) ?? [];
  return specificationSchema.parse(parse(specification)).spec.containers[0];
}

describe('the server as a service in containers', () => {
  it('is made of a specification that knows the configuration, with a public endpoint and no way out', async () => {
    const [service, update] = await planned(registry, snowflakeConfig(NO_SERVER), ['service']);
    expect(service.text.slice(service.text.indexOf('create service'))).toMatchInlineSnapshot(`
      "create service if not exists AUTOMATED_INTELLIGENCE.MODELS.CHURN_MCP
      in compute pool "CHURN_MCP_AUTOMATED_INTELLIGENCE_POOL"
      from specification
      $$
      spec:
        containers:
          - name: churn-mcp
            image: "/automated_intelligence/models/images/churn-mcp:1"
            command: [sh, -c]
            args:
              - |-
                export CHURN_MCP_SNOWFLAKE_ACCOUNT="$SNOWFLAKE_ACCOUNT" CHURN_MCP_SNOWFLAKE_URL="https://$SNOWFLAKE_HOST"
                node dist/cli.js models pull --promote
                while sleep 3600; do node dist/cli.js models pull --promote; done &
                exec node dist/cli.js http --host 0.0.0.0 --port 3000
            env:
              CHURN_MCP_HOME: /tmp/churn-mcp
              CHURN_MCP_READ_ONLY: "true"
              CHURN_MCP_HTTP_AUTHENTICATED_BY: snowflake
              CHURN_MCP_DATA_SOURCE: snowflake
              CHURN_MCP_SNOWFLAKE_AUTHENTICATOR: oauth
              CHURN_MCP_SNOWFLAKE_TOKEN_FILE: /snowflake/session/token
              CHURN_MCP_SNOWFLAKE_CUSTOMERS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"CUSTOMERS\\""
              CHURN_MCP_SNOWFLAKE_ORDERS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"ORDERS\\""
              CHURN_MCP_SNOWFLAKE_ORDER_ITEMS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"ORDER_ITEMS\\""
              CHURN_MCP_SNOWFLAKE_PRODUCT_CATALOG: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"PRODUCT_CATALOG\\""
              CHURN_MCP_SNOWFLAKE_WORK_SCHEMA: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\""
              CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA: "\\"AUTOMATED_INTELLIGENCE\\".\\"MODELS\\""
              CHURN_MCP_SNOWFLAKE_WAREHOUSE: "\\"SHOP \\"\\"W\\"\\"\\""
              CHURN_MCP_SNOWFLAKE_BULK_FROM: "1000000"
              CHURN_MCP_SNOWFLAKE_TIMEOUT_S: "60"
              CHURN_MCP_SNOWFLAKE_TIME_TRAVEL: "true"
              CHURN_MCP_SEGMENTS: "inactive_days=180, high_value_inactive=500, new_orders=2, low_engagement_orders=5, high_value_active=1000"
            readinessProbe:
              port: 3000
              path: /healthz
            resources:
              requests:
                cpu: 1
                memory: 2Gi
              limits:
                cpu: 2
                memory: 6Gi
        endpoints:
          - name: mcp
            port: 3000
            public: true
      $$
      auto_resume = true
      min_instances = 1
      max_instances = 1
      query_warehouse = "SHOP ""W"""
      comment = 'churn-mcp: the server'"
    `);
    const specification = /\$\$.*\$\$/s.exec(service.text)?.[0];
    expect(update.text).toContain(
      `alter service AUTOMATED_INTELLIGENCE.MODELS.CHURN_MCP\nfrom specification\n${specification}`,
    );
  });

  it('has a repository for its image and a pool that is suspended while nothing runs', async () => {
    const steps = await planned(registry, snowflakeConfig(NO_SERVER), ['containers']);
    expect(steps.map(({ text }) => text.replace(/^(--[^\n]*\n)+/, ''))).toMatchInlineSnapshot(`
      [
        "create image repository if not exists AUTOMATED_INTELLIGENCE.MODELS.IMAGES
      comment = 'churn-mcp: images of churn-mcp'",
        "create compute pool if not exists "CHURN_MCP_AUTOMATED_INTELLIGENCE_POOL"
      min_nodes = 1
      max_nodes = 2
      instance_family = CPU_X64_S
      auto_resume = true
      initially_suspended = true
      auto_suspend_secs = 600
      comment = 'churn-mcp: runs the containers of churn-mcp'",
      ]
    `);
  });

  it('listens and is asked for its health at the port of its endpoint', async () => {
    const { readinessProbe, args } = await containerOf();
    expect(readinessProbe).toEqual({ port: 3000, path: '/healthz' });
    expect(args[0]).toContain('--port 3000');
  });

  it.each([
    [{ modelsSchema: '"my shop".MODELS' }, {}, 'Snowflake keeps no containers in'],
    [{}, { image: 'churn-mcp:latest' }, 'is no image in a repository of Snowflake.'],
    [{}, { image: '/shop/models/images/churn-mcp' }, 'is no image in a repository of Snowflake.'],
  ])('is refused where Snowflake could not make it: %j %j', (settings, container, message) => {
    const config = snowflakeConfig(NO_SERVER, settings);
    const image = '/shop/models/images/churn-mcp:1';
    expect(() =>
      planDeployment({
        config,
        warehouse: 'W',
        parts: ['service'],
        models: [],
        container: { image, ...container },
      }),
    ).toThrow(message);
  });

  it('is brought up to date at the same address, may be used by a role, and can be removed', async () => {
    await using testServer = await TestSnowflake.start({ user: { password: PASSWORD } });
    const config = snowflakeConfig(testServer);
    const run = { signal: new AbortController().signal, onStep: () => undefined };
    const deploy = async (version: string) => {
      const parts = ['schemas', 'containers', 'service'] as const;
      const container = { image: `/automated_intelligence/models/images/churn-mcp:${version}` };
      const options = { config, warehouse: 'W', parts, models: [], container, grantTo: 'FLOOR' };
      await runDeployment(planDeployment(options), config, run);
      return testServer.objects.get('service AUTOMATED_INTELLIGENCE.MODELS.CHURN_MCP') ?? '';
    };
    expect(await deploy('1')).toContain('churn-mcp:1"');
    expect(await deploy('2')).toContain('churn-mcp:2"');
    expect([...testServer.grants].join('\n')).toContain(
      'grant service role AUTOMATED_INTELLIGENCE.MODELS.CHURN_MCP!ALL_ENDPOINTS_USAGE to role "FLOOR"',
    );
    await runRemoval(planRemoval(config, [], false), config, run);
    const left = [...testServer.objects.keys()].filter((key) => /^(service|compute|image)/.test(key));
    expect(left).toEqual(['image repository AUTOMATED_INTELLIGENCE.MODELS.IMAGES']);
  });
});

describe('the command of the container', () => {
  const token = 'the token of the service';
  let testServer: TestSnowflake;
  let child: ChildProcess;
  let url: string;
  let tokenFile: string;

  beforeAll(async () => {
    testServer = await TestSnowflake.start({
      user: { password: PASSWORD, oauthToken: token },
      snapshot: await currentSnapshotFile(await copyOfHome('demo shop')),
    });
    const folder = await newTestHome();
    tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'a token that has expired');
    await chmod(tokenFile, 0o644);
    const { command, args, env } = await containerOf(snowflakeConfig(testServer));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    // All as it is, but for the host and the files that only a container of Snowflake has.
    const script = args[0].replace('https://$SNOWFLAKE_HOST', testServer.url).replace('3000', String(port));
    const [program, ...options] = command;
    child = spawn(program, [...options, script], {
      cwd: packageRoot(),
      env: {
        PATH: process.env.PATH,
        SNOWFLAKE_ACCOUNT: 'testaccount',
        ...env,
        CHURN_MCP_HOME: join(folder, 'home'),
        CHURN_MCP_SNOWFLAKE_TOKEN_FILE: tokenFile,
      },
      detached: true,
      stdio: 'ignore',
    });
    const isHealthy = () =>
      sendRequest(new URL('/healthz', url)).then(
        ({ status }) => status === 200,
        () => false,
      );
    while (!(await isHealthy())) await delay(100);
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // The shell of the container has become the server; its loop is in the same group.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await ended;
    await testServer[Symbol.asyncDispose]();
  });

  async function ask(method: string, params: object, headers: Record<string, string>) {
    const host = 'abc-org-account.snowflakecomputing.app';
    const message = { jsonrpc: '2.0', id: 1, method, params };
    const answer = await sendRequest(new URL('/mcp', url), { host, ...OF_CLIENTS, ...headers }, message);
    return { ...answer, session: String(answer.headers['mcp-session-id']) };
  }

  it('serves users whom the ingress names over the account, by the token as it is in the file at each login', async () => {
    expect((await ask('initialize', INITIALIZE.params, {})).status).toBe(403);
    const user = { 'sf-context-current-user': 'ALICE' };
    const { session } = await ask('initialize', INITIALIZE.params, user);
    const inSession = { ...user, 'mcp-session-id': session };
    const call = () => ask('tools/call', { name: 'find_customers', arguments: { limit: 1 } }, inSession);
    expect((await call()).text).toContain('SNOWFLAKE_LOGIN');
    await writeFile(tokenFile, `${token}\n`);
    const answer = await call();
    expect(answer.text).toContain('300');
    const tools = await ask('tools/list', {}, inSession);
    expect(tools.text).not.toContain('"train_churn_model"');
  });
});
