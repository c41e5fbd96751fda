import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { boosterOverridesSchema } from '../gbdt/params.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { trainingText } from './metrics-text.ts';
import {
  metricsFieldsOf,
  metricsFieldsSchema,
  type ResponseFormat,
  responseFormatSchema,
  textSchema,
} from './schemas.ts';

const commentSchema = z.string().max(500).describe('A note for the model card.');
const engineSchema = z
  .enum(['local', 'ray'])
  .default('local')
  .describe('ray: XGBoost on the configured Ray cluster. local: this machine.');
const numWorkersSchema = z.int().min(1).max(1000).describe('Engine ray only.');

/** As training stories take them. */
function engineOf(args: { engine: 'local' | 'ray'; num_workers?: number | undefined }) {
  if (args.engine === 'local') {
    if (args.num_workers === undefined) return {};
    throw new ChurnMcpError('INVALID_ARGUMENT', 'num_workers belongs to engine "ray".', {
      hint: 'Leave it out, or train with engine "ray".',
    });
  }
  return {
    engine: args.engine,
    ...(args.num_workers !== undefined && { numWorkers: args.num_workers }),
  };
}

export const waitSchema = z.boolean().default(false).describe('true: waits for the end of another training.');
export const paramsSchema = boosterOverridesSchema.describe('Parameters of the trees, named as in XGBoost.');

/** Parameters as the training tasks take them: only those that were named. */
function namedParams(params: z.output<typeof paramsSchema> | undefined): Record<string, number> {
  const named: Record<string, number> = {};
  for (const [name, value] of Object.entries(params ?? {})) if (value !== undefined) named[name] = value;
  return named;
}

/** What every tool that trains takes, beside what it trains. */
export const trainingInputs = {
  comment: commentSchema.optional(),
  engine: engineSchema,
  num_workers: numWorkersSchema.optional(),
  wait: waitSchema,
  response_format: responseFormatSchema,
};

interface RecipeArguments {
  readonly params?: z.output<typeof paramsSchema> | undefined;
  readonly comment?: string | undefined;
  readonly engine: 'local' | 'ray';
  readonly num_workers?: number | undefined;
}

/** How to train, as training takes it. @throws INVALID_ARGUMENT if workers are named for this machine */
export function recipeOf(args: RecipeArguments) {
  return {
    ...engineOf(args),
    params: namedParams(args.params),
    ...(args.comment !== undefined && { comment: args.comment }),
  };
}

/** What every tool that trains answers. */
export const trainedSchema = metricsFieldsSchema.extend({
  promoted: z.boolean().describe('Whether the version is now the champion.'),
  promotion: z.string().describe('Why it is or is not.'),
  text: textSchema,
});

export interface Trained {
  readonly card: ModelCard;
  readonly promoted: boolean;
  readonly promotion: string;
}

export function trainedFieldsOf(
  { card, promoted, promotion }: Trained,
  format: ResponseFormat,
): z.output<typeof trainedSchema> {
  return {
    ...metricsFieldsOf(card, format),
    promoted,
    promotion,
    text: trainingText(card, promotion, format),
  };
}
