import { type DayView, withRelations } from '../../data/compose-statement.ts';
import type { ColumnTable } from '../../data/data-source.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import {
  customersByHash,
  DEFAULT_CANDIDATES,
  RECOMMENDATION_FEATURES,
  readFeatureMatrix,
  recommendationFeatures,
} from '../../features/recommendation-features.ts';
import type { NegativeSampling, RecommendationPlan } from './plan.ts';

/** Rows to learn from, with the customer of each so that a split never divides one. */
export interface RecommendationRows {
  readonly dataset: LabelledDataset;
  /** Numbers customers from 0 in the order of their ids, window by window. */
  readonly customerIndex: Int32Array;
}

/** The pairs of one window, with what came after its cutoff; sorted by customer and product. */
export async function readWindow(
  day: DayView,
  plan: RecommendationPlan,
  cutoff: string,
  customers: { first: number; last: number; allRows: boolean },
  signal: AbortSignal | undefined,
): Promise<ColumnTable> {
  const features = recommendationFeatures(
    customersByHash(customers.first, customers.last),
    DEFAULT_CANDIDATES,
    cutoff,
  );
  const statement = withRelations([{ name: 'recommendation_features', ...features }], {
    file: 'portable/labels/recommendation_training_rows',
    values: [cutoff, plan.horizonDays, plan.sampling.keptBelow, customers.allRows ? 1 : 0],
  });
  return day.data.columns({ ...day.statement(statement), isLarge: true, ...(signal && { signal }) });
}

/** The rows of a window that are to be learnt from, weighted so that the share of purchases stays the true one. */
export function keptRows(table: ColumnTable, sampling: NegativeSampling): RecommendationRows {
  const kept = table.float32('is_kept');
  const rows = Int32Array.from({ length: kept.reduce((sum, flag) => sum + flag, 0) });
  for (let row = 0, target = 0; row < kept.length; row++) if (kept[row] === 1) rows[target++] = row;
  const purchased = table.float32('is_purchased');
  const labels = shared(rows.length);
  const weights = shared(rows.length);
  for (const [target, row] of rows.entries()) {
    labels[target] = purchased[row];
    weights[target] = purchased[row] === 1 ? 1 : sampling.weight;
  }
  const customers = numberCustomers(table);
  return {
    dataset: { ...readFeatureMatrix(table, rows), labels, weights },
    customerIndex: rows.map((row) => customers[row]),
  };
}

/** Numbers the customers of a sorted result from 0. */
export function numberCustomers(table: ColumnTable): Int32Array {
  const ids = table.ids('customer_id');
  const numbers = new Int32Array(ids.length);
  for (let row = 1; row < ids.length; row++)
    numbers[row] = numbers[row - 1] + (ids[row] === ids[row - 1] ? 0 : 1);
  return numbers;
}

export function joinRows(parts: readonly RecommendationRows[]): RecommendationRows {
  const rowCount = parts.reduce((sum, { dataset }) => sum + dataset.rowCount, 0);
  const join = (columnOf: (part: RecommendationRows) => Float32Array | undefined) => {
    const joined = shared(rowCount);
    let begin = 0;
    for (const part of parts) {
      joined.set(columnOf(part) ?? new Float32Array(part.dataset.rowCount).fill(1), begin);
      begin += part.dataset.rowCount;
    }
    return joined;
  };
  return {
    dataset: {
      featureNames: RECOMMENDATION_FEATURES,
      rowCount,
      columns: RECOMMENDATION_FEATURES.map((_, feature) => join(({ dataset }) => dataset.columns[feature])),
      labels: join(({ dataset }) => dataset.labels),
      weights: join(({ dataset }) => dataset.weights),
    },
    customerIndex: Int32Array.from(parts.flatMap(({ customerIndex }) => [...customerIndex])),
  };
}

/** Every fifth customer's rows stop the training early; the others teach. */
export function splitByCustomer({ dataset, customerIndex }: RecommendationRows): {
  train: LabelledDataset;
  validation: LabelledDataset;
} {
  const isValidation = (row: number) => customerIndex[row] % 5 === 4;
  return {
    train: select(dataset, (row) => !isValidation(row)),
    validation: select(dataset, isValidation),
  };
}

function select(dataset: LabelledDataset, isSelected: (row: number) => boolean): LabelledDataset {
  const rows: number[] = [];
  for (let row = 0; row < dataset.rowCount; row++) if (isSelected(row)) rows.push(row);
  const pick = (column: Float32Array) => {
    const picked = shared(rows.length);
    for (const [target, row] of rows.entries()) picked[target] = column[row];
    return picked;
  };
  return {
    featureNames: dataset.featureNames,
    rowCount: rows.length,
    columns: dataset.columns.map(pick),
    labels: pick(dataset.labels),
    ...(dataset.weights && { weights: pick(dataset.weights) }),
  };
}

function shared(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
