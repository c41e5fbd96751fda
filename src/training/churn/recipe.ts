/** The ways to make a forecast: what is registered is always trees, whichever it is. */
import { fitLogisticRegression, type LogisticModel } from '../../baselines/logistic-regression.ts';
import { logisticTrees } from '../../baselines/logistic-trees.ts';
import { pickFeatures, selectFeatures, thinLabelledRows } from '../../dataset/column-rows.ts';
import type { FeatureMatrix, LabelledDataset } from '../../dataset/feature-matrix.ts';
import { ChurnMcpError } from '../../errors.ts';
import { SEASON_FEATURE } from '../../features/season-feature.ts';
import type { BoosterRequest, BoosterResult, BoosterTrainer } from '../../gbdt/booster.ts';
import { weightedMean } from '../../gbdt/ensemble-arithmetic.ts';
import { featureImportanceOf } from '../../gbdt/feature-importance.ts';
import { importanceOver, overFeatures } from '../../gbdt/over-features.ts';
import type { BoosterParams } from '../../gbdt/params.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import type { ForecastRecipe } from '../../registry/card-figures.ts';
import { fitBgNbdTrees } from './bg-nbd-trees.ts';

export type FittedForecast = Pick<BoosterResult, 'ensemble' | 'featureImportance'>;

/**
 * How much BG/NBD counts beside the mean of trees and regression: a fifth among many customers, which was found over 99
 * cutoffs of 13 shops (bench/RESULTS-FORECAST.md), and up to a half among few, from whom four parameters are learnt better
 * than dozens. Seen on parts of CDNOW and Online Retail, active customers, a fifth against a half: 400 customers (24
 * cutoffs) ROC-AUC 0.7232 → 0.7289, Brier 0.2097 → 0.2068; 1,000 (12) 0.7371 → 0.7392, 0.2045 → 0.2030; 2,500 (8)
 * 0.7357 → 0.7376, 0.2052 → 0.2047; all 23,570 of CDNOW no difference.
 */
export function bgNbdWeight(customers: number): number {
  return LEAST_BG_NBD_WEIGHT + (MOST_BG_NBD_WEIGHT - LEAST_BG_NBD_WEIGHT) / (1 + customers / FEW_CUSTOMERS);
}

const LEAST_BG_NBD_WEIGHT = 0.2;
const MOST_BG_NBD_WEIGHT = 0.5;
const FEW_CUSTOMERS = 1500;

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
  /** What is being fitted already. */
  readonly begun?: BegunForecast | undefined;
  /** A regression that was fitted on the training rows, if there is one already. */
  readonly regression?: LogisticModel | undefined;
  readonly trainer: BoosterTrainer;
  readonly signal?: AbortSignal | undefined;
  readonly onTree?: BoosterRequest['onTree'];
  /** Rows that progress is told by; nothing else depends on them. */
  readonly shown?: LabelledDataset | undefined;
}

/**
 * Fits a recipe on labelled rows. The same rows and recipe give the same trees. The season tree alone reads the day of the
 * year.
 */
export async function fitForecast(request: ForecastRequest): Promise<FittedForecast> {
  const { train, customers } = request;
  const rows = learntRows(train, request.horizonDays);
  const learnt = rows.featureNames;
  if (learnt.length === train.featureNames.length) return fitRecipe(request);
  const fitted = await fitRecipe({
    ...request,
    train: rows,
    customers: customers && pickFeatures(customers, learnt),
    shown: request.shown && selectFeatures(request.shown, learnt),
  });
  return {
    ensemble: overFeatures(fitted.ensemble, train.featureNames),
    featureImportance: importanceOver(fitted, train.featureNames),
  };
}

/**
 * The rows with the features that a model learns from. A forecast learns nothing from the day of the year; to a model
 * without a horizon, a column of that name is like any other.
 */
export function learntRows(rows: LabelledDataset, horizonDays: number): LabelledDataset {
  if (horizonDays === 0) return rows;
  return selectFeatures(
    rows,
    rows.featureNames.filter((name) => name !== SEASON_FEATURE),
  );
}

/** Whether boosted trees are part of a recipe. */
export function isBoosted(recipe: ForecastRecipe): boolean {
  return recipe !== 'recency_rule' && recipe !== 'logistic_regression' && recipe !== 'bg_nbd';
}

async function fitRecipe(request: ForecastRequest): Promise<FittedForecast> {
  switch (request.recipe) {
    case 'trees':
      return fitTrees(request);
    case 'trees_and_logistic_regression':
      return fitTreesAndLogistic(request);
    case 'trees_logistic_regression_and_bg_nbd':
      return fitThree(request);
    case 'logistic_regression':
      return withImportance(fitLogistic(request));
    case 'recency_rule':
      return withImportance(fitRecencyRule(request.train));
    case 'bg_nbd':
      return fitBgNbdAlone(request);
  }
}

/** The first two as they are, and BG/NBD beside them if the histories of these customers determine it. */
async function fitThree(request: ForecastRequest): Promise<FittedForecast> {
  const two = await fitTreesAndLogistic(request);
  const bgNbd = await fitBgNbdOver(request);
  const { rowCount } = request.customers ?? request.train;
  return bgNbd === undefined ? two : withBgNbd(two, bgNbd, rowCount);
}

/**
 * The recipe of three members from the recipe of two and BG/NBD, for so many customers. Importance is that of the two.
 */
export function withBgNbd(
  { ensemble, featureImportance }: FittedForecast,
  bgNbd: TreeEnsemble,
  customers: number,
): FittedForecast {
  const weight = bgNbdWeight(customers);
  return {
    ensemble: weightedMean([
      { ensemble, weight: 1 - weight },
      { ensemble: bgNbd, weight },
    ]),
    featureImportance,
  };
}

async function fitBgNbdOver(request: ForecastRequest): Promise<TreeEnsemble | undefined> {
  const { train, customers = train } = request;
  const ensemble = await fitBgNbdTrees({ ...request, customers });
  return ensemble && overFeatures(ensemble, train.featureNames);
}

async function fitBgNbdAlone(request: ForecastRequest): Promise<FittedForecast> {
  const ensemble = await fitBgNbdOver(request);
  if (ensemble === undefined) throw new ChurnMcpError('INTERNAL', 'BG/NBD could not be fitted.');
  return withImportance(ensemble);
}

/** Rows of the sample that shows how good the trees are so far. */
const SHOWN_ROWS = 10_000;

/** Members of a recipe that threads are fitting. */
export interface BegunForecast {
  readonly boosted: Promise<BoosterResult>;
  readonly regression?: Promise<TreeEnsemble> | undefined;
}

/**
 * Begins to fit a forecast's boosted trees on threads of their own, and its regression if the recipe has one, for `fitForecast`
 * to find them there: what else a training does goes on meanwhile.
 */
export function beginForecast(request: ForecastRequest): BegunForecast {
  const { recipe, trainer } = request;
  const hasRegression = recipe !== 'trees' && isBoosted(recipe);
  const train = learntRows(request.train, request.horizonDays);
  const begun = { ...beginBoosting(request), ...(hasRegression && { regression: trainer.regress?.(train) }) };
  begun.regression?.catch(() => undefined);
  return begun;
}

/** The trees alone: the regression is one of the baselines already. */
export function beginBoosting(request: ForecastRequest): BegunForecast {
  const { shown, horizonDays } = request;
  const train = learntRows(request.train, horizonDays);
  const boosted = fitTrees({
    ...request,
    train,
    shown: shown && selectFeatures(shown, train.featureNames),
  });
  // The caller that waits for it learns of a failure. If none waits any more, the training has failed for another reason.
  boosted.catch(() => undefined);
  return { boosted };
}

function fitTrees({
  train,
  params,
  trainer,
  signal,
  onTree,
  shown,
  begun,
}: ForecastRequest): Promise<BoosterResult> {
  if (begun !== undefined) return begun.boosted;
  return trainer.train({
    train,
    // The number of trees has been settled: what is shown must not decide it.
    params: { ...params, early_stopping_rounds: 0 },
    ...(onTree && shown && { validation: thinLabelledRows(shown, SHOWN_ROWS) }),
    signal,
    ...(onTree && { onTree }),
  });
}

/**
 * The mean of two log-odds: trees find thresholds and interactions, the regression draws the straight lines that shallow
 * trees only approach. On the public retail data the mean ranked as well as the better of the two or better, in every
 * period. Importance is that of the boosted trees.
 */
async function fitTreesAndLogistic(request: ForecastRequest): Promise<FittedForecast> {
  const boosting = fitTrees(request);
  const logistic = (await request.begun?.regression) ?? fitLogistic(request);
  const boosted = await boosting;
  return {
    ensemble: weightedMean([
      { ensemble: boosted.ensemble, weight: 1 },
      { ensemble: logistic, weight: 1 },
    ]),
    featureImportance: boosted.featureImportance,
  };
}

function fitLogistic({ train, regression }: Pick<ForecastRequest, 'train' | 'regression'>): TreeEnsemble {
  return logisticTrees(regression ?? fitLogisticRegression(train), train);
}

/** Days since the last order alone, with a logistic curve that makes probabilities of them. */
function fitRecencyRule(train: LabelledDataset): TreeEnsemble {
  const recency = selectFeatures(train, ['days_since_last_order']);
  return overFeatures(fitLogistic({ train: recency }), train.featureNames);
}

function withImportance(ensemble: TreeEnsemble): FittedForecast {
  return { ensemble, featureImportance: featureImportanceOf(ensemble) };
}
