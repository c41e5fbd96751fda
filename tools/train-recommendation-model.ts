import { z } from 'zod';
import { trainingText } from '../src/mcp/metrics-text.ts';
import {
  asOfSchema,
  commentSchema,
  engineOf,
  engineSchema,
  metricsFieldsOf,
  metricsFieldsSchema,
  namedParams,
  numWorkersSchema,
  paramsSchema,
  responseFormatSchema,
  textSchema,
  waitSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';

export const trainRecommendationModel = defineTool({
  name: 'train_recommendation_model',
  title: 'Train the recommendation model',
  description:
    'Trains the model that ranks products for each customer by the probability of a purchase in the coming days, compares it on the latest days with simple rules such as best-sellers, and registers it as a new version. Needs order items. The new version becomes the champion if it is at least as good as the current one.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:train',
  mayBecomeJob: true,
  lane: 'trainings',
  input: z.strictObject({
    as_of: asOfSchema.optional(),
    horizon_days: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe('Purchases in this many days are predicted. Default 30.'),
    params: paramsSchema.optional(),
    comment: commentSchema.optional(),
    engine: engineSchema,
    num_workers: numWorkersSchema.optional(),
    wait: waitSchema,
    response_format: responseFormatSchema,
  }),
  output: metricsFieldsSchema.extend({
    promoted: z.boolean().describe('Whether the version is now the champion.'),
    promotion: z.string().describe('Why it is or is not.'),
    text: textSchema,
  }),
  async handler(args, { recommendations, signal, progress }) {
    const { card, promoted, promotion } = await recommendations.train(
      {
        ...(args.as_of !== undefined && { asOf: args.as_of }),
        ...(args.horizon_days !== undefined && { horizonDays: args.horizon_days }),
        ...engineOf(args),
        params: namedParams(args.params),
        ...(args.comment !== undefined && { comment: args.comment }),
      },
      { signal, onProgress: progress, wait: args.wait },
    );
    const { response_format } = args;
    return {
      ...metricsFieldsOf(card, response_format),
      promoted,
      promotion,
      text: trainingText(card, promotion, response_format),
    };
  },
});
