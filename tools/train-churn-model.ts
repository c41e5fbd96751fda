import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { asOfSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { TrainChurnRequest, TrainColumnRequest } from '../src/mcp/tool-context.ts';
import {
  paramsSchema,
  recipeOf,
  trainedFieldsOf,
  trainedSchema,
  trainingInputs,
} from '../src/mcp/training-fields.ts';
import {
  CHURN_LABEL_NAMES,
  CHURN_LABELS,
  type ChurnLabelName,
  type LabelWindow,
  labelMeanings,
} from '../src/registry/churn-labels.ts';

const inputSchema = z.strictObject({
  label: z.enum(CHURN_LABEL_NAMES).default('forward').describe(labelMeanings()),
  as_of: asOfSchema.optional(),
  churn_threshold_days: z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe('Inactivity only: days of silence that count as churned; 7 by default.'),
  horizon_days: z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe('Forward only: days without an order; by default from the gaps between orders.'),
  params: paramsSchema.optional(),
  tune: z
    .strictObject({
      trials: z.int().min(2).max(500).default(27).describe('Sets of parameters to try.'),
      time_budget_s: z
        .number()
        .min(1)
        .max(86_400)
        .optional()
        .describe('No trial begins after so many seconds.'),
    })
    .optional()
    .describe('Searches better parameters first; those in params stay as they are.'),
  ...trainingInputs,
});
type Arguments = z.output<typeof inputSchema>;

export const trainChurnModel = defineTool({
  name: 'train_churn_model',
  title: 'Train a churn model',
  description:
    'Trains a churn model, evaluates it on customers or days it has not seen, and registers it as a new version; the better one answers. By default the forecast of who will not order in the coming months, the one to act on; inactivity tells who has been silent for a week, as the reference does. Not needed before the first question: that trains it.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:train',
  mayBecomeJob: true,
  lane: 'trainings',
  input: inputSchema,
  output: trainedSchema,
  async handler(args, { churn, signal, progress }) {
    assertLabelTakes(args);
    const trained = await churn.train(requestOf(args), {
      signal,
      onProgress: progress,
      wait: args.wait,
    });
    return trainedFieldsOf(trained, args.response_format);
  },
});

function requestOf(args: Arguments): TrainChurnRequest | TrainColumnRequest {
  const { label, tune } = args;
  const recipe = {
    ...recipeOf(args),
    ...(tune && {
      tune: {
        trials: tune.trials,
        ...(tune.time_budget_s !== undefined && { timeBudgetSeconds: tune.time_budget_s }),
      },
    }),
  };
  if (label === 'column') return { label, ...recipe };
  return {
    label,
    ...(args.as_of !== undefined && { asOf: args.as_of }),
    ...(args.churn_threshold_days !== undefined && { churnThresholdDays: args.churn_threshold_days }),
    ...(args.horizon_days !== undefined && { horizonDays: args.horizon_days }),
    ...recipe,
  };
}

/** Refuses a window of another label, which would otherwise be ignored silently. */
function assertLabelTakes(args: Arguments): void {
  for (const window of ['churn_threshold_days', 'horizon_days', 'as_of'] as const) {
    const labels = CHURN_LABEL_NAMES.filter((label) => takes(label, window));
    if (args[window] === undefined || labels.includes(args.label)) continue;
    const others = labels.map((label) => `"${label}"`).join(' or ');
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      `${window} belongs to label ${others}, not to "${args.label}".`,
      {
        hint: `Leave it out, or train with label ${others}.`,
      },
    );
  }
}

function takes(label: ChurnLabelName, window: LabelWindow): boolean {
  const windows: readonly LabelWindow[] = CHURN_LABELS[label].windows;
  return windows.includes(window);
}
