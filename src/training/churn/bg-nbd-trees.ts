/** BG/NBD as trees: whatever reads trees (the ONNX file, Shapley values, the registry) then reads it too. */
import { absenceProbability } from '../../baselines/bg-nbd.ts';
import { bgNbdOf } from '../../baselines/bg-nbd-of-customers.ts';
import { purchaseHistoryOf, weeksOf } from '../../baselines/purchase-history.ts';
import { concatDatasets, pickFeatures, sharedColumnOf, thinRows } from '../../dataset/column-rows.ts';
import type { FeatureMatrix } from '../../dataset/feature-matrix.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { growNoiselessTrees, type TreeGrowing, type TreeShape } from './noiseless-trees.ts';

export interface BgNbdRequest extends TreeGrowing {
  /** Whose histories it is fitted on; it knows no labels. */
  readonly customers: FeatureMatrix;
  readonly horizonDays: number;
}

/** All that BG/NBD looks at. */
const HISTORY_FEATURES = ['active_days', 'customer_tenure_days', 'days_since_first_order'];
const DISTILLED_ROWS = 15_000;
/** The fractional parts of its multiples are spread evenly over [0, 1), however many are taken. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;
/** How much later each row is looked at, as shares of the horizon. */
const SHARES: readonly ((row: number) => number)[] = [() => 0, (row) => (row * GOLDEN_RATIO) % 1, () => 1];
/** Deep and many enough to follow a smooth function of three features closely. */
const DISTILLING: TreeShape = { n_estimators: 30, max_depth: 7, learning_rate: 0.4, min_child_weight: 0 };

/**
 * BG/NBD, and trees that have learnt its probabilities, which are the labels of their training rows. Each customer is a row
 * three times: at the end of their history, at the end of the horizon, and somewhere between the two, as if they had not
 * ordered again, since trees know nothing of longer silences than they have seen.
 *
 * @returns undefined if the histories do not determine the model. Features are those of the histories alone.
 */
export async function fitBgNbdTrees(request: BgNbdRequest): Promise<TreeEnsemble | undefined> {
  const { customers, horizonDays } = request;
  const model = bgNbdOf(customers);
  if (!model.hasConverged) return undefined;
  const rows = thinRows(pickFeatures(customers, HISTORY_FEATURES), DISTILLED_ROWS);
  const taught = SHARES.map((shareOf) => {
    const older = withAge(rows, (row) => Math.round(shareOf(row) * horizonDays));
    const away = absenceProbability(model, purchaseHistoryOf(older), weeksOf(horizonDays));
    return { ...older, labels: sharedColumnOf(away) };
  });
  return growNoiselessTrees(concatDatasets(taught), DISTILLING, request);
}

/** The same histories, each looked at some days later. */
function withAge(rows: FeatureMatrix, daysOf: (row: number) => number): FeatureMatrix {
  const age = rows.featureNames.indexOf('days_since_first_order');
  const columns = rows.columns.map((column, i) =>
    i === age ? sharedColumnOf(column.map((value, row) => value + daysOf(row))) : column,
  );
  return { ...rows, columns };
}
