import { z } from 'zod';
import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';
import { readBytes } from './model-file.ts';
import { refusedModel } from './model-refusal.ts';

const MOST_SCALER_BYTES = 1024 * 1024;

const SCALER_HINT =
  'It is a JSON object {"mean": […], "scale": […]} with one number a feature, and scales above 0.';

/** What scikit-learn's StandardScaler holds as `mean_` and `scale_`; null is one that it was told to leave alone. */
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
 * double, then XGBoost rounds to float32. All three keep the order of values, so each threshold has a least float32
 * that still lies on its right side once it is scaled: that is the threshold here, and the same rows go left.
 *
 * @throws MODEL_REFUSED
 */
export function foldScaler(ensemble: TreeEnsemble, { mean, scale }: Scaler): TreeEnsemble {
  const featureCount = ensemble.featureNames.length;
  if ([mean, scale].some((values) => values !== null && values.length !== featureCount)) {
    throw refusedModel(
      `The scaler has not one number for each of the ${featureCount} features.`,
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

/** Where -Infinity and Infinity stand in the order of all float32. */
const FIRST = -0x7f800000;
const LAST = 0x7f800000;

/** The least float32 for which `holds`, which holds for all above it and for Infinity. */
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

/** Positive ones count up from 0 by their bits, negative ones down. */
function float32At(place: number): number {
  bits[0] = Math.abs(place);
  return place < 0 ? -float[0] : float[0];
}
