/** BG/NBD as trees: whatever reads trees (the ONNX file, Shapley values, the registry) then reads it too. */
import { absenceProbability, fitBgNbd, type PurchaseHistory } from '../../baselines/bg-nbd.ts';
import { concatDatasets, pickFeatures, sharedColumnOf, thinRows } from '../../dataset/column-rows.ts';
import type { FeatureMatrix } from '../../dataset/feature-matrix.ts';
import type { BoosterTrainer } from '../../gbdt/booster.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';

export interface BgNbdRequest {
  /** Whose histories it is fitted on; it knows no labels. */
  readonly customers: FeatureMatrix;
  /** Of boosted trees in general; what distilling needs replaces them. */
  readonly params: BoosterParams;
  readonly horizonDays: number;
  readonly trainer: BoosterTrainer;
  readonly signal?: AbortSignal | undefined;
}

/** BG/NBD's unit of time: near the gaps that customers have. */
const DAYS_A_WEEK = 7;
/** All that BG/NBD looks at. */
const HISTORY_FEATURES = ['active_days', 'customer_tenure_days', 'days_since_first_order'];
const DISTILLED_ROWS = 50_000;
/** How much later histories are looked at, as shares of the horizon. */
const AGES = [0, 0.5, 1];
/** Deep and many enough to follow a smooth function of three features closely. */
const DISTILLING: Partial<BoosterParams> = {
  n_estimators: 150,
  max_depth: 7,
  learning_rate: 0.2,
  min_child_weight: 0,
  reg_lambda: 0,
  scale_pos_weight: 1,
};

/**
 * BG/NBD, and trees that have learnt its probabilities: every customer stands in the training rows twice, as one who
 * stays away with the weight of that probability, and as one who comes back with the rest. And all of them once more
 * as if nobody ordered for a horizon, since trees know nothing of longer silences than they have seen.
 *
 * @returns undefined if the histories do not determine the model. Features are those of the histories alone.
 */
export async function fitBgNbdTrees(request: BgNbdRequest): Promise<TreeEnsemble | undefined> {
  const { customers, horizonDays, trainer, signal } = request;
  const rows = thinRows(pickFeatures(customers, HISTORY_FEATURES), DISTILLED_ROWS);
  const model = fitBgNbd(purchaseHistoryOf(rows));
  if (!model.hasConverged) return undefined;
  const taught = AGES.map((share) => {
    const older = withAge(rows, Math.round(share * horizonDays));
    const away = absenceProbability(model, purchaseHistoryOf(older), weeksOf(horizonDays));
    const [stays, returns] = [1, 0].map((label) => ({
      ...older,
      labels: sharedColumnOf(away.map(() => label)),
      weights: sharedColumnOf(away.map((p) => (label === 1 ? p : 1 - p))),
    }));
    return concatDatasets([stays, returns]);
  });
  const params = { ...request.params, ...DISTILLING, early_stopping_rounds: 0 };
  const { ensemble } = await trainer.train({ train: concatDatasets(taught), params, signal });
  return ensemble;
}

/** The same histories, looked at some days later. */
function withAge(rows: FeatureMatrix, days: number): FeatureMatrix {
  const age = rows.featureNames.indexOf('days_since_first_order');
  const columns = rows.columns.map((column, i) =>
    i === age ? sharedColumnOf(column.map((value) => value + days)) : column,
  );
  return { ...rows, columns };
}

/** Orders of one day count as one, as the model has it. Times are in weeks. */
export function purchaseHistoryOf({ featureNames, columns }: FeatureMatrix): PurchaseHistory {
  const column = (name: string) => columns[featureNames.indexOf(name)];
  const weeks = (name: string) => Float64Array.from(column(name), weeksOf);
  return {
    repeats: Float64Array.from(column('active_days'), (days) => days - 1),
    recency: weeks('customer_tenure_days'),
    age: weeks('days_since_first_order'),
  };
}

export function weeksOf(days: number): number {
  return days / DAYS_A_WEEK;
}
