import { z } from 'zod';
import { responseFormatSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { trainedFieldsOf, trainedSchema, waitSchema } from '../src/mcp/training-fields.ts';

export const trainUpliftModel = defineTool({
  name: 'train_uplift_model',
  title: 'Train the uplift model',
  description:
    'Learns from finished campaigns whom an offer persuades, beside the risk to leave, and registers a version. Needs 1,000 customers contacted and 250 held out.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:train',
  mayBecomeJob: true,
  lane: 'trainings',
  input: z.strictObject({ wait: waitSchema, response_format: responseFormatSchema }),
  output: trainedSchema,
  async handler({ wait, response_format }, { campaigns, signal, progress }) {
    const trained = await campaigns.trainUplift({ signal, onProgress: progress, wait });
    return trainedFieldsOf(trained, response_format);
  },
});
