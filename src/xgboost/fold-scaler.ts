import { z } from 'zod';
import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';
import { readBytes } from './model-file.ts';
import { refusedModel } from './model-refusal.ts';

const MOST_SCALER_BYTES = 1024 * 1024;

const SCALER_HINT =
  'It is a JSON object {"mean": […], "scale": […]} with one number per feature, and scales above 0.';

/** `mean_` and `scale_` of scikit-learn's StandardScaler. Null if it was made with_mean=False or with_std=False. */
const scalerSchema = z.object({
  mean: z.array(z.number()).nullable(),
  scale: z.array(z.number().positive()).nullable(),
});
export type Scaler = z.infer<typeof scalerSchema>;

/** @throws MODEL_REFUSED */
export async function readScaler(file: string): Promise<Scaler> {
  const bytes = await readBytes(file, 'The scaler file', MOST_SCALER_BYTES);
  try {
    return scalerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw refusedModel('The scaler file cannot be used.', SCALER_HINT, cause);
  }
}

/**
 * An ensemble over scaled features as one over the features themselves. The scaler takes the mean off and divides, in
 * double, then XGBoost rounds to float32. All three keep the order of values. So there is a smallest
 * float32 that, once scaled, is not below a threshold: it takes the threshold's place, and the same rows go left.
 *
 * @throws MODEL_REFUSED
 */
export function foldScaler(ensemble: TreeEnsemble, { mean, scale }: Scaler): TreeEnsemble {
  const featureCount = ensemble.featureNames.length;
  if ([mean, scale].some((values) => values !== null && values.length !== featureCount)) {
    throw refusedModel(
      `The scaler must have one number for each of the model's ${featureCount} features.`,
      SCALER_HINT,
    );
  }
  const scaled = (feature: number, value: number) =>
    Math.fround((value - (mean?.[feature] ?? 0)) / (scale?.[feature] ?? 1));
  const unscaled = (tree: Tree): Tree => ({
    ...tree,
    thresholds: tree.thresholds.map((threshold, node) => {
      const feature = tree.splitFeatures[node];
      return feature < 0 ? threshold : leastFloat32((value) => scaled(feature, value) >= threshold);
    }),
  });
  return { ...ensemble, trees: ensemble.trees.map(unscaled) };
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The numbers of -Infinity and Infinity in the order of all float32. */
const FIRST = -0x7f800000;
const LAST = 0x7f800000;

/** The smallest float32 for which `holds` is true, given that it is true for all greater ones and for Infinity. */
function leastFloat32(holds: (value: number) => boolean): number {
  let low = FIRST;
  let high = LAST;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(float32At(middle))) high = middle;
    else low = middle + 1;
  }
  return float32At(low);
}

/** The float32 of a number in their order: positive ones count up from 0 by their bits, negative ones down. */
function float32At(index: number): number {
  bits[0] = Math.abs(index);
  return index < 0 ? -float[0] : float[0];
}
