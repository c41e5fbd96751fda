import { describe, expect, it } from 'vitest';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';

describe('contradictory arguments', () => {
  it.each([
    [
      'train_churn_model',
      { label: 'inactivity', horizon_days: 30 },
      'horizon_days belongs to label "forward", not to "inactivity".',
    ],
    [
      'train_churn_model',
      { label: 'forward', churn_threshold_days: 30 },
      'churn_threshold_days belongs to label "inactivity", not to "forward".',
    ],
    [
      'get_churn_metrics',
      { label: 'forward', model: 'customer_churn_predictor' },
      'customer_churn_predictor is not the model of label "forward".',
    ],
    [
      'find_customers',
      { filter: { min_spent: 100, max_spent: 50 } },
      'filter.min_spent is 100, and max_spent is 50: give a min_spent of 50 or less.',
    ],
    [
      'get_at_risk_customers',
      { filter: { min_orders: 3, max_orders: 2 } },
      'filter.min_orders is 3, and max_orders is 2: give a min_orders of 2 or less.',
    ],
  ])('are refused: %s %j', async (tool, args, expected) => {
    const client = await connectClient(fakeServices());
    const { isError, text } = await callText(client, tool, args);
    expect(isError).toBe(true);
    expect(text).toContain(expected);
    await client.close();
  });
});
