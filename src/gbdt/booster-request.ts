import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import { ChurnMcpError } from '../errors.ts';
import type { BoosterRequest } from './booster.ts';
import type { BoosterParams } from './params.ts';
import { MOST_LIST_ROWS } from './ranking-loss.ts';

const GREATEST_FLOAT32 = 3.4028234663852886e38;

/** Throws if a request cannot be trained: shapes that do not agree, values that are infinite, no rows. */
export function assertTrainable({ train, validation, listStarts, params }: BoosterRequest): void {
  assertDataset(train, train.featureNames.length, params);
  if (validation) {
    assertDataset(validation, train.featureNames.length, params);
    if (validation.labels.some((label) => label !== 0 && label !== 1))
      refuse('Labels of validation rows must be 0 or 1');
  }
  if (train.rowCount === 0 || train.featureNames.length === 0) refuse('There is nothing to train on');
  if (params.early_stopping_rounds > 0 && !validation?.rowCount)
    refuse('Early stopping needs validation rows');
  if (listStarts !== undefined) assertLists(listStarts, train, validation);
}

function assertLists(
  starts: Uint32Array,
  { labels, weights, rowCount }: LabelledDataset,
  validation: LabelledDataset | undefined,
): void {
  if (validation !== undefined || weights !== undefined)
    refuse('Lists are ranked without weights and validation rows');
  if (labels.some((label) => label !== 0 && label !== 1))
    refuse('Labels of rows to be ranked must be 0 or 1');
  const isOrdered = starts.every((start, list) => start > (starts[list - 1] ?? -1) && start < rowCount);
  if (starts[0] !== 0 || !isOrdered) refuse('Lists must begin at row 0, each after the one before');
  if (longestListOf(starts, rowCount) > MOST_LIST_ROWS) refuse(`A list has more than ${MOST_LIST_ROWS} rows`);
}

/** Rows of the longest of the lists that begin at these rows; 0 if there are none. */
export function longestListOf(starts: Uint32Array | undefined, rowCount: number): number {
  if (starts === undefined) return 0;
  return starts.reduce((most, start, list) => Math.max(most, (starts[list + 1] ?? rowCount) - start), 0);
}

function assertDataset(
  { columns, rowCount, labels, weights }: LabelledDataset,
  featureCount: number,
  params: BoosterParams,
): void {
  const lengths = [labels.length, weights?.length ?? rowCount, ...columns.map((column) => column.length)];
  if (columns.length !== featureCount || lengths.some((length) => length !== rowCount)) {
    refuse('Columns, labels and weights must have one length');
  }
  for (const column of columns) {
    for (let row = 0; row < rowCount; row++) {
      if (Math.abs(column[row]) >= GREATEST_FLOAT32) refuse('A feature holds an infinite value');
    }
  }
  for (let row = 0; row < rowCount; row++) {
    if (!(labels[row] >= 0 && labels[row] <= 1)) refuse('Labels must be between 0 and 1');
  }
  assertWeights(weights, params);
}

/** Gradients are float32 and up to the heaviest row's weight; without any weight there is no mean loss. */
function assertWeights(weights: Float32Array | undefined, { scale_pos_weight }: BoosterParams): void {
  let heaviest = weights?.length ? 0 : 1;
  for (const weight of weights ?? []) {
    if (!(weight >= 0 && weight < GREATEST_FLOAT32)) refuse('Weights must be 0 or greater');
    if (weight > heaviest) heaviest = weight;
  }
  if (heaviest === 0) refuse('Weights must not all be 0');
  if (heaviest * Math.max(1, scale_pos_weight) >= GREATEST_FLOAT32)
    refuse('Weights times scale_pos_weight are too large');
}

function refuse(message: string): never {
  throw new ChurnMcpError('INVALID_ARGUMENT', `${message}.`);
}

/** The raw score that every row starts from: of rows that are ranked within lists, 0. */
export function startOf({ train, listStarts, params }: BoosterRequest): number {
  return listStarts === undefined ? baseScoreOf(train, params) : 0;
}

/**
 * The log-odds that every row starts from: those of the weighted mean of the labels, as a float32. XGBoost since 2.0
 * estimates its `base_score` likewise. As in XGBoost, `scale_pos_weight` counts for labels of exactly 1.
 */
export function baseScoreOf({ labels, weights }: LabelledDataset, params: BoosterParams): number {
  let positives = 0;
  let negatives = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    const weight = (weights ? weights[row] : 1) * (label === 1 ? params.scale_pos_weight : 1);
    positives += weight * label;
    negatives += weight * (1 - label);
  }
  const smallest = 1e-6;
  const prior = positives / (positives + negatives);
  const clamped = Math.min(1 - smallest, Math.max(smallest, Number.isNaN(prior) ? 0.5 : prior));
  return Math.fround(Math.log(clamped / (1 - clamped)));
}
