import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TOOLS } from '../../tools/index.ts';
import { createFakeRegistry } from '../helpers/fake-registry.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { modelDraft } from '../helpers/model-draft.ts';

const messagesSchema = z.array(z.object({ content: z.object({ text: z.string() }) }));

async function promptText(name: string, args: Record<string, string> = {}): Promise<string> {
  const client = await connectClient(fakeServices());
  const { messages } = await client.getPrompt({ name, arguments: args });
  await client.close();
  return messagesSchema
    .parse(messages)
    .map(({ content }) => content.text)
    .join('\n');
}

describe('prompts', () => {
  it('are listed with their arguments, all of which may be left out', async () => {
    const client = await connectClient(fakeServices());
    const { prompts } = await client.listPrompts();
    expect(prompts).toMatchInlineSnapshot(`
      [
        {
          "arguments": [
            {
              "description": "How many customers, 1 to 20. Default 5.",
              "name": "n_customers",
              "required": false,
            },
            {
              "description": "What may be offered, in a few words. If left out, no offer is promised.",
              "name": "offer",
              "required": false,
            },
          ],
          "description": "Finds the customers with most at stake, looks into why, and drafts a message to each.",
          "name": "at_risk_outreach",
          "title": "Write to customers about to leave",
        },
        {
          "arguments": [
            {
              "description": "Customer segment, such as LOW_ENGAGEMENT. Default LOW_ENGAGEMENT.",
              "name": "segment",
              "required": false,
            },
            {
              "description": "How many customers, 1 to 100. Default 3.",
              "name": "n_customers",
              "required": false,
            },
            {
              "description": "Products for each, 1 to 20. Default 3.",
              "name": "n_products",
              "required": false,
            },
          ],
          "description": "Product recommendations for the customers of a segment, with what they have in common.",
          "name": "recommend_for_segment",
          "title": "What to offer a segment",
        },
        {
          "arguments": [
            {
              "description": "How many customers to list, 1 to 50. Default 10.",
              "name": "n_customers",
              "required": false,
            },
          ],
          "description": "One page: how good the forecast still is, who is at risk, what is at stake, what to do this week.",
          "name": "weekly_retention_review",
          "title": "Weekly retention review",
        },
        {
          "arguments": [
            {
              "description": "What is offered, in a few words.",
              "name": "offer",
              "required": false,
            },
          ],
          "description": "From what an offer costs to a plan, a start that you confirm, and later the measured profit.",
          "name": "plan_retention_campaign",
          "title": "Plan a campaign and measure it",
        },
        {
          "arguments": [
            {
              "description": "Registered model. Default customer_churn_forecast.",
              "name": "model",
              "required": false,
            },
          ],
          "description": "Trains a model anew on the current data and compares it with the champion.",
          "name": "retrain_and_compare",
          "title": "Retrain and compare",
        },
      ]
    `);
    await client.close();
  });

  it('name only existing tools', async () => {
    const names = TOOLS.map(({ name }) => name);
    const client = await connectClient(fakeServices());
    const { prompts } = await client.listPrompts();
    for (const { name } of prompts) {
      const mentioned =
        (await promptText(name)).match(/\b(get|list|train|explain|promote|cancel)_[a-z_]+\b/g) ?? [];
      expect(mentioned.length).toBeGreaterThan(0);
      for (const tool of mentioned) expect(names).toContain(tool);
    }
    await client.close();
  });

  it.each([
    ['at_risk_outreach', { n_customers: '3', offer: 'free shipping\nin March' }],
    ['recommend_for_segment', { segment: 'at risk', n_customers: '10', n_products: '5' }],
    ['weekly_retention_review', {}],
    ['retrain_and_compare', { model: 'product_recommendation' }],
  ])('ask as a person would: %s', async (name, args) => {
    expect(await promptText(name, args)).toMatchSnapshot();
  });

  it.each([
    ['no_such_prompt', {}, 'Unknown prompt. Prompts: at_risk_outreach, '],
    ['at_risk_outreach', { customers: '3' }, 'Unknown argument "customers". Arguments: n_customers, offer'],
    ['at_risk_outreach', { n_customers: 'many' }, 'n_customers is not a whole number'],
    ['at_risk_outreach', { n_customers: '5000' }, 'n_customers is 5000: give 20 or less'],
    ['retrain_and_compare', { model: 'gpt' }, 'model is "gpt": give "customer_churn_predictor", '],
  ])('refuse %s with %j', async (name, args, message) => {
    await expect(promptText(name, args)).rejects.toThrow(message);
  });

  it('treat an empty argument as a missing one', async () => {
    expect(await promptText('recommend_for_segment', { segment: ' ' })).toContain(
      'for LOW_ENGAGEMENT customers',
    );
  });
});

describe('completions', () => {
  const complete = async (
    ref: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string },
    argument: { name: string; value: string },
    context?: Record<string, string>,
  ) => {
    const registry = createFakeRegistry();
    await registry.register(modelDraft('customer_churn_forecast', 1));
    const client = await connectClient(fakeServices({}, { registry }));
    const { completion } = await client.complete({
      ref,
      argument,
      ...(context && { context: { arguments: context } }),
    });
    await client.close();
    return completion.values;
  };

  it('offer segments for any spelling of their first letters', async () => {
    const prompt = { type: 'ref/prompt', name: 'recommend_for_segment' } as const;
    expect(await complete(prompt, { name: 'segment', value: 'high value' })).toEqual([
      'HIGH_VALUE_INACTIVE',
      'HIGH_VALUE_ACTIVE',
    ]);
    expect(await complete(prompt, { name: 'n_customers', value: '1' })).toEqual([]);
  });

  it('offer models and their versions for the address of a card', async () => {
    const card = { type: 'ref/resource', uri: 'churn://models/{model}/{version}' } as const;
    expect(await complete(card, { name: 'model', value: 'fore' })).toEqual(['customer_churn_forecast']);
    const versions = await complete(
      card,
      { name: 'version', value: '' },
      { model: 'customer_churn_forecast' },
    );
    expect(versions).toEqual(['champion', expect.stringMatching(/^v_\d{8}_\d{6}$/)]);
    expect(
      await complete(card, { name: 'version', value: 'v_' }, { model: 'customer_churn_column' }),
    ).toEqual([]);
  });
});
