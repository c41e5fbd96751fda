import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { comparisonText } from '../src/mcp/comparison-text.ts';
import { driftLines } from '../src/mcp/drift-text.ts';
import {
  damagedDaysText,
  liveAccuracyFieldsOf,
  liveAccuracySchema,
  liveAccuracyText,
} from '../src/mcp/live-accuracy-text.ts';
import { conciseMetricsText, metricsText } from '../src/mcp/metrics-text.ts';
import {
  driftFieldsOf,
  driftSchema,
  metricsFieldsOf,
  metricsFieldsSchema,
  responseFormatSchema,
  textSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { ToolContext } from '../src/mcp/tool-context.ts';
import { operatingPointSchema, rollingCalibrationSchema } from '../src/registry/card-figures.ts';
import { CHURN_LABEL_NAMES, CHURN_LABELS, type ChurnLabelName } from '../src/registry/churn-labels.ts';
import {
  type ModelCard,
  REGISTERED_MODELS,
  type RegisteredModel,
  registeredModelSchema,
} from '../src/registry/model-card.ts';

export const getChurnMetrics = defineTool({
  name: 'get_churn_metrics',
  title: 'How good a model is',
  description:
    'Shows how far a registered model can be trusted: how well it ranks, how many churners it catches, whether its probabilities came true, baselines, and warnings. With compare_with, two versions side by side. Not for customers (get_at_risk_customers).',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: z.strictObject({
    label: z
      .enum(CHURN_LABEL_NAMES)
      .optional()
      .describe(
        'Which churn model, by its label. By default the one with the version named, else the forecast, or the only one there is.',
      ),
    model: registeredModelSchema.optional().describe('Which model, by its name; instead of label.'),
    version: versionSchema.optional(),
    compare_with: versionSchema.optional().describe('A second version of the same model to compare it with.'),
    response_format: responseFormatSchema,
    include_picture: z
      .boolean()
      .default(false)
      .describe(
        'Adds pictures (PNG): what past forecasts said and what happened, and the ROC and precision-recall curves.',
      ),
    include_curve: z
      .boolean()
      .default(false)
      .describe('Adds the points of the ROC and precision-recall curves to the structured content.'),
  }),
  output: metricsFieldsSchema.extend({
    drift: driftSchema.optional().describe('How far the current data has moved since training.'),
    live_accuracy: liveAccuracySchema
      .optional()
      .describe('How predictions of past answers turned out, once their horizon has passed.'),
    operating_points: z
      .array(operatingPointSchema)
      .optional()
      .describe(
        'With include_curve: how many customers each threshold catches, highest first. Totals: confusion_matrix.',
      ),
    rolling_calibration: rollingCalibrationSchema
      .optional()
      .describe('Forecasts only: past predictions for active customers, and what happened.'),
    compared: metricsFieldsSchema.optional().describe('The second version, if compare_with was given.'),
    text: textSchema,
  }),
  async handler(
    { label, model, version, compare_with, include_curve, include_picture, response_format },
    { models, churn, charts, signal },
  ) {
    const chosen = await chooseModel({ label, model, version }, models);
    const card = await models.card(chosen, version);
    if (compare_with === undefined) {
      const isChurn = chosen !== 'product_recommendation';
      const drift = isChurn ? await churn.drift(card, { signal }) : undefined;
      const outcomes = isChurn ? await churn.outcomes(card, { signal }) : undefined;
      const live = outcomes?.live;
      return {
        ...metricsFieldsOf(card, response_format),
        ...(include_curve && { operating_points: card.operating_points }),
        ...(include_picture && { images: await charts.pictures(card) }),
        ...(drift && { drift: driftFieldsOf(drift) }),
        ...(live && { live_accuracy: liveAccuracyFieldsOf(live) }),
        ...rollingFieldsOf(card),
        text: [
          response_format === 'concise' ? conciseMetricsText(card) : metricsText(card),
          ...(live ? [liveAccuracyText(live)] : []),
          ...damagedDaysText(outcomes?.damagedDays ?? []),
          ...driftLines(drift, response_format),
        ].join('\n'),
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

function rollingFieldsOf({ details }: ModelCard) {
  const rolling = details.kind === 'forward' ? details.rolling_calibration : undefined;
  return rolling ? { rolling_calibration: rolling } : {};
}

interface Choice {
  readonly label: ChurnLabelName | undefined;
  readonly model: RegisteredModel | undefined;
  readonly version: string | undefined;
}

async function chooseModel(
  { label, model, version }: Choice,
  models: ToolContext['models'],
): Promise<RegisteredModel> {
  const labelled = label && CHURN_LABELS[label].model;
  if (model && labelled && model !== labelled) {
    throw new ChurnMcpError('INVALID_ARGUMENT', `${model} is not the model of label "${label}".`, {
      hint: `Give one of the two; label "${label}" is ${labelled}.`,
    });
  }
  return model ?? labelled ?? defaultModel(version, models);
}

/** The model that has the version named; without one the forecast, or the first other churn model there is. */
async function defaultModel(
  version: string | undefined,
  models: ToolContext['models'],
): Promise<RegisteredModel> {
  for (const model of version === undefined ? BY_USE : REGISTERED_MODELS) {
    const versions = await models.list(model);
    if (versions.some(({ card }) => version === undefined || card.version === version)) return model;
  }
  return version === undefined ? CHURN_LABELS.forward.model : defaultModel(undefined, models);
}

/** Churn models, the one to act on first. */
const BY_USE = CHURN_LABEL_NAMES.map((label) => CHURN_LABELS[label].model);
