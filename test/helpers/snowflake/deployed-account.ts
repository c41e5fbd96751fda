/** An account to deploy to, and the models that are deployed there. */
import type { Connection } from 'snowflake-sdk';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import type { ModelRegistry } from '../../../src/registry/model-registry.ts';
import { createServices } from '../../../src/server/create-services.ts';
import type { Services } from '../../../src/server/services.ts';
import {
  type DeploymentOptions,
  planDeployment,
  planRemoval,
} from '../../../src/snowflake/deployment/deployment.ts';
import { DEFAULT_PARTS, type Part } from '../../../src/snowflake/deployment/deployment-part.ts';
import type { Step } from '../../../src/snowflake/deployment/deployment-text.ts';
import { runDeployment, runRemoval } from '../../../src/snowflake/deployment/run-deployment.ts';
import type { SnowflakeConfig } from '../../../src/snowflake/snowflake-config.ts';
import { callText, connectClient } from '../mcp-client.ts';
import { modelDraft } from '../model-draft.ts';
import { copyOfHome } from '../shared-homes.ts';
import { newTestHome } from '../snapshot.ts';
import { connectDriver, disconnect } from './driver-connection.ts';
import { ACCOUNT, USER } from './snowflake-sessions.ts';
import { currentSnapshotFile, PASSWORD, snowflakeConfig } from './snowflake-shop.ts';
import { TestSnowflake } from './test-snowflake.ts';

const MODELS = ['customer_churn_predictor', 'customer_churn_forecast', 'product_recommendation'] as const;
const CHURN_MODELS = ['customer_churn_predictor', 'customer_churn_forecast'] as const;

/** What the parts need that are made only if they are named. */
export const NAMED_PARTS_NEED: Pick<DeploymentOptions, 'external' | 'container' | 'allow'> = {
  external: {
    url: new URL('https://churn.example.com/mcp'),
    clientId: "it's me",
    clientSecret: 'hush',
    tokenEndpoint: 'https://login.example.com/token',
    authorizationEndpoint: 'https://login.example.com/authorize',
  },
  container: { image: '/automated_intelligence/models/images/churn-mcp:1' },
  allow: ['interactive', 'external-mcp', 'containers', 'service', 'task'],
};

/** A registry in which each deployed model has a version that was never trained. */
export async function draftRegistry(): Promise<ModelRegistry> {
  const registry = openRegistry(await newTestHome(), { now: () => new Date('2026-02-01') });
  for (const model of MODELS) {
    const { version } = await registry.register(modelDraft(model));
    await registry.setAlias(model, 'champion', version);
  }
  return registry;
}

/** The steps of these parts for a warehouse whose name needs quotes. */
export async function planned(
  registry: ModelRegistry,
  config: SnowflakeConfig,
  parts: readonly Part[] = DEFAULT_PARTS,
  grantTo?: string,
): Promise<Step[]> {
  const models = await Promise.all(
    MODELS.map(async (model) => ({
      ...(await registry.load(model)),
      onnxFile: `/models/${model}.onnx`,
    })),
  );
  return planDeployment({ config, warehouse: 'SHOP "W"', parts, models, grantTo, ...NAMED_PARTS_NEED });
}

const RUN = { signal: new AbortController().signal, onStep: () => undefined };

export interface DeployedAccount extends AsyncDisposable {
  readonly testServer: TestSnowflake;
  /** Over the same orders imported, with trained models. */
  readonly services: Services;
  readonly connection: Connection;
  plan(parts?: readonly Part[], grantTo?: string): Promise<Step[]>;
  deploy(steps: readonly Step[], onStep?: (step: Step) => void): Promise<void>;
  /** What stayed because others made it. */
  undeploy(all?: boolean): Promise<string[]>;
  call(tool: string, args: Record<string, unknown>): ReturnType<typeof callText>;
}

/** The demo shop in an account in which nothing is deployed yet. */
export async function openAccount(): Promise<DeployedAccount> {
  const home = await copyOfHome('trained demo');
  const testServer = await TestSnowflake.start({
    user: { password: PASSWORD },
    snapshot: await currentSnapshotFile(home),
  });
  const services = createServices({
    home,
    threads: 1,
    showContacts: false,
    now: () => new Date('2026-02-01'),
  });
  const connection = await connectDriver({
    account: ACCOUNT,
    username: USER,
    password: PASSWORD,
    accessUrl: testServer.url,
  });
  const config = snowflakeConfig(testServer);
  return {
    testServer,
    services,
    connection,
    plan: (parts, grantTo) => planned(services.registry, config, parts, grantTo),
    deploy: (steps, onStep = () => undefined) => runDeployment(steps, config, { ...RUN, onStep }),
    undeploy: (all = false) => runRemoval(planRemoval(config, CHURN_MODELS, all), config, RUN),
    async call(tool, args) {
      const client = await connectClient(services);
      try {
        return await callText(client, tool, args);
      } finally {
        await client.close();
      }
    },
    async [Symbol.asyncDispose]() {
      await disconnect(connection);
      await services[Symbol.asyncDispose]();
      await testServer[Symbol.asyncDispose]();
    },
  };
}
