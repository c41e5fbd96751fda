import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';
import { wrongValue } from '../text/wrong-value.ts';

/** XGBoost's parameter names, meanings and ranges (XGBoost documentation, "XGBoost Parameters"). */
const parameters = {
  n_estimators: z.int().min(1).max(10_000),
  max_depth: z.int().min(1).max(20),
  learning_rate: z.number().gt(0).max(1),
  reg_lambda: z.number().min(0),
  reg_alpha: z.number().min(0),
  gamma: z.number().min(0),
  min_child_weight: z.number().min(0),
  subsample: z.number().gt(0).max(1),
  colsample_bytree: z.number().gt(0).max(1),
  scale_pos_weight: z.number().gt(0),
  max_bin: z.int().min(2).max(256),
  early_stopping_rounds: z.int().min(0),
  seed: z.int().min(0).max(0xffffffff),
};

/** What a caller names; nothing is filled in. */
export const boosterOverridesSchema = z.strictObject(parameters).partial();

/** Every parameter, those left out filled in with the reference's values. */
export const boosterParamsSchema = z.strictObject({
  n_estimators: parameters.n_estimators.default(100),
  max_depth: parameters.max_depth.default(6),
  learning_rate: parameters.learning_rate.default(0.1),
  reg_lambda: parameters.reg_lambda.default(1),
  reg_alpha: parameters.reg_alpha.default(0),
  gamma: parameters.gamma.default(0),
  min_child_weight: parameters.min_child_weight.default(1),
  subsample: parameters.subsample.default(1),
  colsample_bytree: parameters.colsample_bytree.default(1),
  scale_pos_weight: parameters.scale_pos_weight.default(1),
  max_bin: parameters.max_bin.default(256),
  /** Rounds without improvement on the validation set before training stops; 0 turns it off. */
  early_stopping_rounds: parameters.early_stopping_rounds.default(0),
  seed: parameters.seed.default(42),
});

/** Every parameter filled in. */
export type BoosterParams = z.infer<typeof boosterParamsSchema>;
/** What a caller may leave out. */
export type BoosterOptions = z.input<typeof boosterParamsSchema>;

/** @throws INVALID_ARGUMENT if there is no such parameter, or its value is out of range */
export function readBoosterParams(options: BoosterOptions): BoosterParams {
  const parsed = boosterParamsSchema.safeParse(options, { error: wrongValue });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message =
    issue.code === 'unrecognized_keys'
      ? `There is no training parameter ${quoted(issue.keys[0])}.`
      : `The training parameter "${String(issue.path[0])}" ${issue.message}.`;
  throw new ChurnMcpError('INVALID_ARGUMENT', message, {
    hint: `Parameters, named as in XGBoost: ${Object.keys(boosterParamsSchema.shape).join(', ')}.`,
    cause: parsed.error,
  });
}
