import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { trainingText } from '../src/mcp/metrics-text.ts';
import {
  asOfSchema,
  commentSchema,
  metricsFieldsOf,
  metricsFieldsSchema,
  namedParams,
  paramsSchema,
  textSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';

export const trainChurnModel = defineTool({
  name: 'train_churn_model',
  title: 'Train a churn model',
  description:
    'Trains a churn model on the imported orders, evaluates it on customers or days it has not seen, and registers it as a new version. Label "inactivity" tells who has been silent for more than a week, as the reference system does; label "forward" predicts who will not order in the coming months, and is the one to act on. The new version becomes the champion if it is at least as good as the present one.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    label: z
      .enum(['inactivity', 'forward'])
      .default('inactivity')
      .describe(
        '"inactivity": silent for longer than the threshold. "forward": no order in the horizon to come.',
      ),
    as_of: asOfSchema.optional(),
    churn_threshold_days: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe('Inactivity only: churned means more than this many days since the last order. Default 7.'),
    horizon_days: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe(
        'Forward only: churned means no order in this many days. By default it comes from how long customers stay away between orders.',
      ),
    params: paramsSchema.optional(),
    tune: z
      .strictObject({
        trials: z.int().min(2).max(500).default(27).describe('Sets of parameters to try. Default 27.'),
        time_budget_s: z
          .number()
          .min(1)
          .max(86_400)
          .optional()
          .describe('No trial begins after so many seconds. Without it the same seed finds the same.'),
      })
      .optional()
      .describe(
        'Looks for better parameters first, by random search with successive halving on rows that the evaluation does not use. Parameters named in params stay as they are.',
      ),
    comment: commentSchema.optional(),
  }),
  output: metricsFieldsSchema.extend({
    promoted: z.boolean().describe('Whether the version is now the champion.'),
    promotion: z.string().describe('Why it is or is not.'),
    text: textSchema,
  }),
  async handler(args, { churn, signal, progress }) {
    assertLabelTakes(args);
    const { card, promoted, promotion } = await churn.train(
      {
        label: args.label,
        ...(args.as_of !== undefined && { asOf: args.as_of }),
        ...(args.churn_threshold_days !== undefined && { churnThresholdDays: args.churn_threshold_days }),
        ...(args.horizon_days !== undefined && { horizonDays: args.horizon_days }),
        params: namedParams(args.params),
        ...(args.tune && {
          tune: {
            trials: args.tune.trials,
            ...(args.tune.time_budget_s !== undefined && { timeBudgetSeconds: args.tune.time_budget_s }),
          },
        }),
        ...(args.comment !== undefined && { comment: args.comment }),
      },
      { signal, onProgress: progress },
    );
    return { ...metricsFieldsOf(card), promoted, promotion, text: trainingText(card, promotion) };
  },
});

/** A window of the other label would be ignored in silence. */
function assertLabelTakes(args: {
  readonly label: 'inactivity' | 'forward';
  readonly churn_threshold_days?: number | undefined;
  readonly horizon_days?: number | undefined;
}): void {
  const [stray, other] =
    args.label === 'inactivity'
      ? (['horizon_days', 'forward'] as const)
      : (['churn_threshold_days', 'inactivity'] as const);
  if (args[stray] === undefined) return;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `${stray} belongs to label "${other}", not to "${args.label}".`,
    {
      hint: `Leave it out, or train with label "${other}".`,
    },
  );
}
