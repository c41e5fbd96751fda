import { z } from 'zod';
import { assertAgreed } from '../src/mcp/agreement.ts';
import { labelFieldsOf, modelFieldsSchema, textSchema, versionSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { registeredModelSchema } from '../src/registry/model-card.ts';

export const promoteModel = defineTool({
  name: 'promote_model',
  title: 'Promote or roll back a model',
  description:
    'Makes a registered version the champion of its model, the one that answers by default. To roll back, promote an older version. Versions are never changed or removed.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:admin',
  mayBecomeJob: false,
  input: z.strictObject({
    model: registeredModelSchema.describe('The registered model.'),
    version: versionSchema.describe('v_YYYYMMDD_HHMMSS, as list_models shows.'),
  }),
  output: modelFieldsSchema.extend({
    replaced: z.string().nullable().describe('The previous champion, or null if there was none.'),
    text: textSchema,
  }),
  async handler({ model, version }, { models, ask }) {
    // A person is not asked about a version that cannot be read.
    await models.card(model, version);
    const question = `Make ${version} the champion of ${model}? It answers by default from then on. To go back, promote the champion of today.`;
    await assertAgreed(ask, question, 'The version was not promoted');
    const { card, replaced } = await models.promote(model, version);
    return {
      model: card.model,
      version: card.version,
      ...labelFieldsOf(card),
      as_of: card.as_of,
      replaced: replaced ?? null,
      text: promotedText(model, version, replaced),
    };
  },
});

function promotedText(model: string, version: string, replaced: string | undefined): string {
  if (replaced === version) return `${version} was the champion of ${model} already; nothing changed.`;
  const before =
    replaced === undefined
      ? 'There was no champion before.'
      : `The previous champion was ${replaced}; promote it to roll back.`;
  return `${version} is now the champion of ${model}. ${before}`;
}
