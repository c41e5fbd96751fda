import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { cardMarkdown } from '../src/mcp/card-markdown.ts';
import { fittingRows, nextOffset } from '../src/mcp/result-size.ts';
import {
  labelFieldsOf,
  labelFieldsShape,
  nextOffsetSchema,
  offsetSchema,
  responseFormatSchema,
  textSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { ToolContext } from '../src/mcp/tool-context.ts';
import { type ModelCard, type RegisteredModel, registeredModelSchema } from '../src/registry/model-card.ts';
import type { DamagedVersion, VersionSummary } from '../src/registry/model-registry.ts';
import { formatScore, plural } from '../src/text/format.ts';
import { inertMarkdown } from '../src/text/inert-markdown.ts';
import { plainText } from '../src/text/plain-text.ts';

export const listModels = defineTool({
  name: 'list_models',
  title: 'Registered models',
  description:
    'Lists the registered models and their versions, newest first, with the champion of each, when and from which data it was trained, and its quality.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: false,
  input: z.strictObject({
    model: registeredModelSchema.optional().describe('Only versions of this model.'),
    version: versionSchema.optional().describe('Only this version; the text is then its card in Markdown.'),
    limit: z.int().min(1).max(1000).default(100).describe('Versions to list at most.'),
    offset: offsetSchema,
    response_format: responseFormatSchema,
  }),
  output: z.object({
    models: z
      .array(
        z.object({
          model: registeredModelSchema.describe('The registered model.'),
          version: z.string().describe('Its version.'),
          aliases: z.array(z.string()).describe('"champion" marks the version that answers by default.'),
          created_at: z.string().describe('When it was registered, ISO 8601 in UTC.'),
          as_of: z.string().describe('The last day of data that training used.'),
          ...labelFieldsShape,
          roc_auc: z.number().describe('ROC-AUC on the evaluation data of this version.'),
          comment: z.string().describe('The note given at training; empty if there was none.'),
        }),
      )
      .describe('Newest first.'),
    damaged: z
      .array(
        z.object({
          model: registeredModelSchema.describe('The registered model.'),
          version: z
            .string()
            .optional()
            .describe('Its version; null if the aliases of the model cannot be read.'),
          problem: z.string().describe('What is wrong with it.'),
        }),
      )
      .optional()
      .describe('Versions that cannot be read; the list leaves them out.'),
    next_offset: nextOffsetSchema,
    only_table: z
      .boolean()
      .optional()
      .describe('True if the home has a table of customers and no orders; else left out.'),
    text: textSchema,
  }),
  async handler({ model, version, limit, offset, response_format }, { models, tables }) {
    if (version !== undefined) return showCard(model, version, models);
    const { sound: all, damaged: unreadable } = await models.survey(model);
    const damaged = unreadable.map(problemOf);
    const isOnlyTable = await tables.isOnlyData();
    // A concise answer holds the versions in use.
    const versions = response_format === 'concise' ? all.filter(({ aliases }) => aliases.length > 0) : all;
    const answer = (rows: number) => {
      const shown = versions.slice(offset, offset + rows);
      const lines = [...groupByModel(shown)].map((group) => modelLines(group, versions));
      const listed = shown.length === 0 ? (all.length === 0 ? NONE : NO_MORE) : lines.join('\n\n');
      return {
        models: shown.map(fieldsOf),
        next_offset: nextOffset({ offset, rows: shown.length, total: versions.length }),
        ...(damaged.length > 0 && { damaged }),
        ...(isOnlyTable && { only_table: true }),
        text: [listed, ...damagedLines(damaged)].join('\n\n'),
      };
    };
    return answer(fittingRows(Math.min(limit, versions.length), answer));
  },
});

function problemOf({ model, version, error }: DamagedVersion) {
  return { model, ...(version !== undefined && { version }), problem: error.message };
}

const MOST_DAMAGED = 5;

function damagedLines(damaged: readonly { readonly problem: string }[]): string[] {
  if (damaged.length === 0) return [];
  const named = damaged.slice(0, MOST_DAMAGED).map(({ problem }) => problem);
  const more =
    damaged.length > MOST_DAMAGED
      ? [`${plural(damaged.length - MOST_DAMAGED, 'more is damaged', 'more are damaged')}.`]
      : [];
  return [[...named, ...more, '"churn-mcp doctor --repair" sets damaged versions aside.'].join('\n')];
}

function fieldsOf({ card, aliases }: VersionSummary) {
  return {
    model: card.model,
    version: card.version,
    aliases: [...aliases],
    created_at: card.created_at,
    as_of: card.as_of,
    ...labelFieldsOf(card),
    roc_auc: card.metrics.roc_auc,
    comment: plainText(card.comment),
  };
}

async function showCard(model: RegisteredModel | undefined, version: string, models: ToolContext['models']) {
  if (model === undefined) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'version is given without model.', {
      hint: 'Give model too; list_models without arguments shows all models.',
    });
  }
  const found = (await models.list(model)).filter((summary) => summary.card.version === version);
  // Read by itself if it is not in the list, so that the error says why.
  const card = found[0]?.card ?? (await models.card(model, version));
  return { models: found.map(fieldsOf), next_offset: null, text: cardMarkdown(card) };
}

/** Versions per model that the text shows, always with the champion. The structured content has all. */
const NEWEST_SHOWN = 20;

const NO_MORE = 'The list has no more versions.';
const NONE =
  'No model has been trained yet. train_churn_model trains a churn model, train_recommendation_model the recommendations.';

function groupByModel(versions: readonly VersionSummary[]): Map<string, VersionSummary[]> {
  const groups = new Map<string, VersionSummary[]>();
  for (const version of versions) {
    groups.set(version.card.model, [...(groups.get(version.card.model) ?? []), version]);
  }
  return groups;
}

function modelLines(
  [model, versions]: [string, readonly VersionSummary[]],
  all: readonly VersionSummary[],
): string {
  const isShown = ({ aliases }: VersionSummary, index: number) => index < NEWEST_SHOWN || aliases.length > 0;
  const shown = versions.filter(isShown);
  const ofModel = all.filter(({ card }) => card.model === model);
  const onEarlierPages = ofModel.indexOf(versions[0]);
  const older = ofModel.length - onEarlierPages - shown.length;
  return [
    model,
    ...shown.map(versionLine),
    ...(older > 0 ? [`  and ${plural(older, 'older version')}`] : []),
  ].join('\n');
}

/** By the figure that versions of the model are compared by. */
function qualityText({ details, metrics }: ModelCard): string {
  return details.kind === 'uplift'
    ? `Qini ${details.uplift.qini.value.toFixed(4)}`
    : `ROC-AUC ${formatScore(metrics.roc_auc)}`;
}

function versionLine({ card, aliases }: VersionSummary): string {
  const marks = aliases.length > 0 ? ` [${aliases.map((alias) => inertMarkdown(alias)).join(', ')}]` : '';
  const comment = card.comment === '' ? '' : ` — ${inertMarkdown(card.comment)}`;
  return `  ${card.version}${marks}: ${qualityText(card)}, data up to ${card.as_of}${comment}`;
}
