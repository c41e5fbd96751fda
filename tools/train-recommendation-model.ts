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
    'Trains the model that ranks products for each customer, judges it on the latest days beside best-sellers, and registers it as a new version; the better one answers. Needs order items.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:train',
  mayBecomeJob: true,
  lane: 'trainings',
  input: z.strictObject({
    as_of: asOfSchema.optional(),
    horizon_days: z.int().min(1).max(3650).optional().describe('Days of purchases to predict. Default 30.'),
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
