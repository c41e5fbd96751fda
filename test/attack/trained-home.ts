import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { createServices } from '../../src/server/create-services.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { TIMEOUT_MS } from './scale.ts';

const TRAININGS = {
  inactivity: ['train_churn_model', { label: 'inactivity' }],
  forward: ['train_churn_model', { label: 'forward' }],
  recommendations: ['train_recommendation_model', {}],
} as const;

export type Trained = keyof typeof TRAININGS;

/** A home folder with a demo shop up to a day and small models of these kinds. */
export async function makeTrainedHome(
  customers: number,
  kinds: readonly Trained[],
  asOf = '2026-01-31',
): Promise<string> {
  const home = await newTestHome();
  await createDemoShop({ home, customers, seed: 42, asOf });
  await using services = createServices({ home, threads: 1 });
  const client = await connectClient(services);
  for (const [name, args] of kinds.map((kind) => TRAININGS[kind])) {
    const params = { n_estimators: 3 };
    const call = { name, arguments: { ...args, params } };
    const { isError, content } = await client.callTool(call, undefined, { timeout: TIMEOUT_MS });
    if (isError) throw new Error(`${name}: ${JSON.stringify(content)}`);
  }
  await client.close();
  return home;
}
