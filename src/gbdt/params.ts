import { z } from 'zod';

/** XGBoost's parameter names and meanings (XGBoost documentation, "XGBoost Parameters"); defaults are the reference's. */
export const boosterParamsSchema = z.strictObject({
  n_estimators: z.int().min(1).max(10_000).default(100),
  max_depth: z.int().min(1).max(20).default(6),
  learning_rate: z.number().gt(0).max(1).default(0.1),
  reg_lambda: z.number().min(0).default(1),
  reg_alpha: z.number().min(0).default(0),
  gamma: z.number().min(0).default(0),
  min_child_weight: z.number().min(0).default(1),
  subsample: z.number().gt(0).max(1).default(1),
  colsample_bytree: z.number().gt(0).max(1).default(1),
  scale_pos_weight: z.number().gt(0).default(1),
  max_bin: z.int().min(2).max(256).default(256),
  /** Rounds without improvement on the validation set before training stops; 0 turns it off. */
  early_stopping_rounds: z.int().min(0).default(0),
  seed: z.int().min(0).max(0xffffffff).default(42),
});

/** Every parameter filled in. */
export type BoosterParams = z.infer<typeof boosterParamsSchema>;
/** What a caller may leave out. */
export type BoosterOptions = z.input<typeof boosterParamsSchema>;
