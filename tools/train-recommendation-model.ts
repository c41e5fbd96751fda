import { z } from 'zod';
import { asOfSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import {
  paramsSchema,
  recipeOf,
  trainedFieldsOf,
  trainedSchema,
  trainingInputs,
} from '../src/mcp/training-fields.ts';

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
    ...trainingInputs,
  }),
  output: trainedSchema,
  async handler(args, { recommendations, signal, progress }) {
    const trained = await recommendations.train(
      {
        ...(args.as_of !== undefined && { asOf: args.as_of }),
        ...(args.horizon_days !== undefined && { horizonDays: args.horizon_days }),
        ...recipeOf(args),
      },
      { signal, onProgress: progress, wait: args.wait },
    );
    return trainedFieldsOf(trained, args.response_format);
  },
});
