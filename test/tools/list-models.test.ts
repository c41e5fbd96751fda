import { describe, expect, it } from 'vitest';
import { ChurnMcpError } from '../../src/errors.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { inactivityCard, sampleCard } from '../helpers/sample-cards.ts';

describe('list_models and promote_model', () => {
  it('list versions by model', async () => {
    const client = await connectClient(
      fakeServices({
        models: {
          list: async () => [
            { card: { ...inactivityCard, comment: 'after\nthe sale' }, aliases: ['champion'] },
            { card: sampleCard, aliases: [] },
          ],
        },
      }),
    );
    expect((await callText(client, 'list_models')).text).toMatchInlineSnapshot(`
      "customer_churn_predictor
        v_20260104_090000 [champion]: ROC-AUC 0.831, data up to 2025-12-31 — after the sale

      customer_churn_forecast
        v_20260105_101500: ROC-AUC 0.831, data up to 2025-12-31"
    `);
    await client.close();
  });

  it('show the newest versions and the champion, and count the rest', async () => {
    const versions = Array.from({ length: 30 }, (_, index) => ({
      card: { ...sampleCard, version: `v_20260105_1000${59 - index}` },
      aliases: index === 29 ? ['champion'] : [],
    }));
    const client = await connectClient(fakeServices({ models: { list: async () => versions } }));
    const { text, structuredContent } = await callText(client, 'list_models');
    const lines = text.split('\n');
    expect(lines).toHaveLength(23);
    expect(lines.slice(-2)).toEqual([
      '  v_20260105_100030 [champion]: ROC-AUC 0.831, data up to 2025-12-31',
      '  and 9 older versions',
    ]);
    expect(structuredContent).toMatchObject({ models: { length: 30 } });
    await client.close();
  });

  it('read the models once, and name those that cannot be read', async () => {
    const error = new ChurnMcpError('MODEL_CORRUPT', 'Version v_20260101_000000 cannot be used.');
    const unreadable = { model: 'customer_churn_forecast', version: 'v_20260101_000000', error } as const;
    const survey = async () => ({ sound: [{ card: sampleCard, aliases: [] }], damaged: [unreadable] });
    const client = await connectClient(fakeServices({ models: { survey } }));
    expect((await callText(client, 'list_models')).text).toMatchInlineSnapshot(`
      "customer_churn_forecast
        v_20260105_101500: ROC-AUC 0.831, data up to 2025-12-31

      Version v_20260101_000000 cannot be used.
      "churn-mcp doctor --repair" sets damaged versions aside."
    `);
    await client.close();
  });

  it('say that there is no model yet, and how to get one', async () => {
    const client = await connectClient(fakeServices({ models: { list: async () => [] } }));
    expect((await callText(client, 'list_models')).text).toMatchInlineSnapshot(
      `"No model has been trained yet. train_churn_model trains a churn model, train_recommendation_model the recommendations."`,
    );
    await client.close();
  });

  it('promote a version, and say how to go back', async () => {
    const client = await connectClient(
      fakeServices({
        models: {
          card: async () => sampleCard,
          promote: async () => ({ card: sampleCard, replaced: 'v_20250101_000000' }),
        },
      }),
    );
    const args = { model: 'customer_churn_forecast', version: sampleCard.version };
    expect((await callText(client, 'promote_model', args)).text).toMatchInlineSnapshot(
      `"v_20260105_101500 is now the champion of customer_churn_forecast. The previous champion was v_20250101_000000; promote it to roll back."`,
    );
    await client.close();
  });

  it('say that nothing changed if the version was the champion already', async () => {
    const { version } = sampleCard;
    const client = await connectClient(
      fakeServices({
        models: {
          card: async () => sampleCard,
          promote: async () => ({ card: sampleCard, replaced: version }),
        },
      }),
    );
    const args = { model: 'customer_churn_forecast', version };
    expect((await callText(client, 'promote_model', args)).text).toBe(
      `${version} was the champion of customer_churn_forecast already; nothing changed.`,
    );
    await client.close();
  });
});

describe('list_models with a version', () => {
  const services = () =>
    fakeServices({
      models: {
        card: async () => sampleCard,
        list: async () => [{ card: sampleCard, aliases: ['champion'] }],
      },
    });

  it('shows its card in Markdown', async () => {
    const client = await connectClient(services());
    const { model, version } = sampleCard;
    const { text, structuredContent } = await callText(client, 'list_models', { model, version });
    expect(text.split('\n')[0]).toBe(`# ${model} ${version}`);
    expect(structuredContent).toMatchObject({ models: [{ model, version, aliases: ['champion'] }] });
    await client.close();
  });

  it('asks for the model if none is named', async () => {
    const client = await connectClient(services());
    const { isError, text } = await callText(client, 'list_models', { version: sampleCard.version });
    expect(isError).toBe(true);
    expect(text).toContain('version is given without model. Give model too');
    await client.close();
  });
});
