/** Answers over Snowflake and over the same orders imported, to be compared. */
import type { Services } from '../../../src/server/services.ts';
import { callText, connectClient } from '../mcp-client.ts';

/** In this order: trainings come first. */
export const CALLS: readonly (readonly [tool: string, args: Record<string, unknown>])[] = [
  ['train_churn_model', { label: 'inactivity' }],
  ['train_churn_model', { label: 'forward' }],
  ['train_recommendation_model', {}],
  ['get_churn_metrics', { label: 'inactivity' }],
  ['get_churn_metrics', { label: 'forward' }],
  ['get_at_risk_customers', { limit: 5 }],
  ['get_at_risk_customers', { limit: 5, as_of: '2026-01-10' }],
  ['get_product_recommendations', {}],
  ['get_product_recommendations', { segment: 'HIGH_VALUE_ACTIVE', n_customers: 4, as_of: '2026-01-10' }],
  ['list_models', {}],
];

/** What an answer says, but for what identifies the data and how long it took. */
export async function answerOf(
  services: Services,
  tool: string,
  args: Record<string, unknown>,
): Promise<string> {
  const client = await connectClient(services);
  try {
    const answer = withoutFreshness(await callText(client, tool, args));
    const { fingerprint } = await (await services.data.current()).summary();
    return JSON.stringify(answer, null, 1)
      .replaceAll(fingerprint, 'FINGERPRINT')
      .replaceAll(/Trained in [\d.,]+ s/g, 'Trained in no time');
  } finally {
    await client.close();
  }
}

/** Where the data is and when it was imported differs; up to when it goes does not. */
function withoutFreshness({ text, structuredContent, ...answer }: Awaited<ReturnType<typeof callText>>) {
  const { data, ...fields } = Object(structuredContent);
  return {
    ...answer,
    text: text.replace(/(?:, read from Snowflake|, imported [\w ]+)\.$/, ''),
    structuredContent: { ...fields, orders_until: data?.orders_until },
  };
}
