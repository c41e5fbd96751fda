/** The ways to make a forecast: what is registered is always trees, whichever it is. */
import { absenceProbability, fitBgNbd, type PurchaseHistory } from '../../baselines/bg-nbd.ts';
import { fitLogisticRegression } from '../../baselines/logistic-regression.ts';
import { logisticTrees } from '../../baselines/logistic-trees.ts';
import {
  concatDatasets,
  pickFeatures,
  selectFeatures,
  sharedColumnOf,
  thinLabelledRows,
  thinRows,
} from '../../dataset/column-rows.ts';
import type { FeatureMatrix, LabelledDataset } from '../../dataset/feature-matrix.ts';
import { ChurnMcpError } from '../../errors.ts';
import type { BoosterRequest, BoosterResult, BoosterTrainer } from '../../gbdt/booster.ts';
import { meanOfEnsembles } from '../../gbdt/ensemble-arithmetic.ts';
import { featureImportanceOf } from '../../gbdt/feature-importance.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import type { ForecastRecipe } from '../../registry/card-figures.ts';

export type FittedForecast = Pick<BoosterResult, 'ensemble' | 'featureImportance'>;

export interface ForecastRequest {
  readonly recipe: ForecastRecipe;
  readonly train: LabelledDataset;
  /** Of the boosted trees. */
  readonly params: BoosterParams;
  readonly horizonDays: number;
  /**
   * The customers to be scored, as they are then: BG/NBD knows no labels, and is fitted on their histories. Those of the
   * training rows by default.
   */
  readonly customers?: FeatureMatrix | undefined;
  readonly trainer: BoosterTrainer;
  readonly signal?: AbortSignal | undefined;
  readonly onTree?: BoosterRequest['onTree'];
  /** Rows that progress is told by; nothing else depends on them. */
  readonly shown?: LabelledDataset;
}

/** Fits a recipe on labelled rows. The same rows and recipe give the same trees. */
export async function fitForecast(request: ForecastRequest): Promise<FittedForecast> {
  switch (request.recipe) {
    case 'trees':
      return fitTrees(request);
    case 'trees_and_logistic_regression':
      return fitTreesAndLogistic(request);
    case 'logistic_regression':
      return withImportance(fitLogistic(request.train));
    case 'recency_rule':
      return withImportance(fitRecencyRule(request.train));
    case 'bg_nbd':
      return fitBgNbdTrees(request);
  }
}

/** As many say how good the trees so far are. */
const SHOWN_ROWS = 10_000;

function fitTrees({
  train,
  params,
  trainer,
  signal,
  onTree,
  shown,
}: ForecastRequest): Promise<BoosterResult> {
  return trainer.train({
    train,
    // The number of trees has been settled: what is shown must not decide it.
    params: { ...params, early_stopping_rounds: 0 },
    ...(onTree && shown && { validation: thinLabelledRows(shown, SHOWN_ROWS) }),
    ...(signal && { signal }),
    ...(onTree && { onTree }),
  });
}

/**
 * The mean of two log-odds: trees find thresholds and interactions, the regression draws the straight lines that shallow
 * trees only approach. On the public retail data the mean ranked as well as the better of the two or better, in every
 * period. Importance is that of the boosted trees.
 */
async function fitTreesAndLogistic(request: ForecastRequest): Promise<FittedForecast> {
  const boosted = await fitTrees(request);
  return {
    ensemble: meanOfEnsembles([boosted.ensemble, fitLogistic(request.train)]),
    featureImportance: boosted.featureImportance,
  };
}

function fitLogistic(train: LabelledDataset): TreeEnsemble {
  return logisticTrees(fitLogisticRegression(train), train);
}

/** Days since the last order alone, with a logistic curve that makes probabilities of them. */
function fitRecencyRule(train: LabelledDataset): TreeEnsemble {
  const recency = selectFeatures(train, ['days_since_last_order']);
  return overFeatures(fitLogistic(recency), train.featureNames);
}

/** The same trees over a longer list of features that holds theirs. */
function overFeatures(ensemble: TreeEnsemble, featureNames: readonly string[]): TreeEnsemble {
  const places = ensemble.featureNames.map((name) => featureNames.indexOf(name));
  return {
    ...ensemble,
    featureNames,
    trees: ensemble.trees.map((tree) => ({
      ...tree,
      splitFeatures: tree.splitFeatures.map((feature) => places[feature] ?? -1),
    })),
  };
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
 */
async function fitBgNbdTrees(request: ForecastRequest): Promise<FittedForecast> {
  const { train, customers = train, horizonDays } = request;
  const rows = thinRows(pickFeatures(customers, HISTORY_FEATURES), DISTILLED_ROWS);
  const model = fitBgNbd(purchaseHistoryOf(rows));
  if (!model.hasConverged) throw new ChurnMcpError('INTERNAL', 'BG/NBD could not be fitted.');
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
  const params = { ...request.params, ...DISTILLING };
  const { shown: _, ...rest } = request;
  const { ensemble } = await fitTrees({ ...rest, train: concatDatasets(taught), params });
  return withImportance(overFeatures(ensemble, train.featureNames));
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

function withImportance(ensemble: TreeEnsemble): FittedForecast {
  return { ensemble, featureImportance: featureImportanceOf(ensemble) };
}
