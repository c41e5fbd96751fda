import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { formatPercent, formatScore } from '../src/mcp/format.ts';
import { metricsText } from '../src/mcp/metrics-text.ts';
import { plainText } from '../src/mcp/plain-text.ts';
import { metricsFieldsOf, metricsFieldsSchema, versionSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { DriftReport, ToolContext } from '../src/mcp/tool-context.ts';
import { MUCH_DRIFT, SOME_DRIFT } from '../src/metrics/drift.ts';
import { type ModelCard, type RegisteredModel, registeredModelSchema } from '../src/registry/model-card.ts';

const MODEL_OF_LABEL = {
  inactivity: 'customer_churn_predictor',
  forward: 'customer_churn_forecast',
} as const satisfies Record<string, RegisteredModel>;

const driftSchema = z.object({
  as_of: z.string().describe('The day whose customers were compared with those trained on.'),
  score_psi: z.number().describe('Population stability index of the scores.'),
  features: z
    .array(z.object({ feature: z.string(), psi: z.number() }))
    .describe('The same by feature, highest first.'),
});

const MOST_MOVED = 5;

export const getChurnMetrics = defineTool({
  name: 'get_churn_metrics',
  title: 'How good a model is',
  description:
    'Shows how far a registered model can be trusted: ranking quality, share of churners caught, accuracy beside the majority rate, probabilities beside the base rate, baselines, what it goes by, and warnings such as a feature that gives the label away. With compare_with, shows two versions side by side.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    label: z
      .enum(['inactivity', 'forward'])
      .optional()
      .describe(
        'Which churn model, by its label. The inactivity model by default, or the only one there is.',
      ),
    model: registeredModelSchema.optional().describe('Which model, by its name; instead of label.'),
    version: versionSchema.optional(),
    compare_with: versionSchema.optional().describe('A second version of the same model to set beside it.'),
  }),
  output: metricsFieldsSchema.extend({
    drift: driftSchema.optional().describe('How far the current data has moved since training.'),
    compared: metricsFieldsSchema.optional().describe('The second version, where one was asked for.'),
    text: z.string(),
  }),
  async handler({ label, model, version, compare_with }, { models, churn, signal }) {
    const chosen = await chooseModel(label, model, models);
    const card = await models.card(chosen, version);
    if (compare_with === undefined) {
      const drift = chosen === 'product_recommendation' ? undefined : await churn.drift(card, { signal });
      return {
        ...metricsFieldsOf(card),
        ...(drift && {
          drift: { as_of: drift.asOf, score_psi: drift.scorePsi, features: [...drift.features] },
        }),
        text: [metricsText(card), ...(drift ? [driftText(drift)] : [])].join('\n'),
      };
    }
    const other = await models.card(chosen, compare_with);
    return {
      ...metricsFieldsOf(card),
      compared: metricsFieldsOf(other),
      text: comparisonText(card, other),
    };
  },
});

function driftText({ asOf, scorePsi, features }: DriftReport): string {
  const moved = features.filter(({ psi }) => psi >= SOME_DRIFT).slice(0, MOST_MOVED);
  const most = moved.map(({ feature, psi }) => `${plainText(feature)} ${psi.toFixed(2)}`).join(', ');
  const advice = scorePsi >= MUCH_DRIFT ? ' Train a new version on the current data.' : '';
  return `Drift: scores of customers as of ${asOf} have moved ${amountOf(scorePsi)} since training (PSI ${scorePsi.toFixed(2)}; 0.1 is some, 0.25 much)${most === '' ? '' : `; features that moved: ${most}`}.${advice}`;
}

function amountOf(psi: number): string {
  if (psi >= MUCH_DRIFT) return 'much';
  return psi >= SOME_DRIFT ? 'somewhat' : 'little';
}

async function chooseModel(
  label: keyof typeof MODEL_OF_LABEL | undefined,
  model: RegisteredModel | undefined,
  models: ToolContext['models'],
): Promise<RegisteredModel> {
  const labelled = label && MODEL_OF_LABEL[label];
  if (model && labelled && model !== labelled) {
    throw new ChurnMcpError('INVALID_ARGUMENT', `${model} is not the model of label "${label}".`, {
      hint: `Give one of the two; label "${label}" is ${labelled}.`,
    });
  }
  return model ?? labelled ?? defaultModel(models);
}

/** The inactivity model, as in the reference system, unless only the forecast exists. */
async function defaultModel(models: ToolContext['models']): Promise<RegisteredModel> {
  const inactivity = await models.list(MODEL_OF_LABEL.inactivity);
  if (inactivity.length > 0) return MODEL_OF_LABEL.inactivity;
  const forward = await models.list(MODEL_OF_LABEL.forward);
  return forward.length > 0 ? MODEL_OF_LABEL.forward : MODEL_OF_LABEL.inactivity;
}

const ROWS: readonly [name: string, value: (card: ModelCard) => string][] = [
  ['ROC-AUC', ({ metrics }) => formatScore(metrics.roc_auc)],
  ['PR-AUC', ({ metrics }) => formatScore(metrics.pr_auc)],
  ['Recall', ({ metrics }) => formatPercent(metrics.churned_recall)],
  ['Precision', ({ metrics }) => formatPercent(metrics.precision)],
  ['Accuracy', ({ metrics }) => formatPercent(metrics.accuracy)],
  ['Majority rate', ({ metrics }) => formatPercent(metrics.majority_rate)],
  ['Brier score', ({ metrics }) => metrics.brier.toFixed(4)],
  ['Base rate Brier', ({ metrics }) => metrics.brier_base.toFixed(4)],
  ['Judged on', ({ windows }) => windows.evaluation_cutoff],
  ['Rows judged', ({ test_samples }) => String(test_samples)],
];

function comparisonText(card: ModelCard, other: ModelCard): string {
  const width = 18;
  const line = (name: string, a: string, b: string) => `${name.padEnd(16)} ${a.padEnd(width)} ${b}`.trimEnd();
  const isSameHoldOut =
    card.windows.evaluation_cutoff === other.windows.evaluation_cutoff &&
    card.data.fingerprint === other.data.fingerprint &&
    card.test_samples === other.test_samples;
  return [
    `${card.model}: two versions side by side`,
    line('', card.version, other.version),
    ...ROWS.map(([name, value]) => line(name, value(card), value(other))),
    '',
    isSameHoldOut
      ? 'Both were judged on the same rows.'
      : 'They were judged on different rows, so small differences mean little.',
    ...card.warnings.map(({ message }) => `Warning: ${message}`),
  ].join('\n');
}
