import { type DayView, withRelations } from '../../data/compose-statement.ts';
import type { ColumnTable } from '../../data/data-source.ts';
import {
  concatDatasets,
  rowsWhere,
  selectRows,
  sharedColumnOf,
  toFeatureMatrix,
} from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import {
  customersByHash,
  DEFAULT_CANDIDATES,
  RECOMMENDATION_FEATURES,
  recommendationFeatures,
} from '../../features/recommendation-features.ts';
import type { NegativeSampling, RecommendationPlan } from './plan.ts';

/** Rows to learn from, with the customer of each so that a split never divides one. */
export interface RecommendationRows {
  readonly dataset: LabelledDataset;
  /** Numbers customers from 0 in the order of their ids, window by window. */
  readonly customerIndex: Int32Array;
}

/** A window's cutoff, and which of the customers in the order of their hashes. */
export interface WindowRequest {
  readonly cutoff: string;
  readonly first: number;
  readonly last: number;
  /** All pairs, or those alone that are learnt from. */
  readonly allRows: boolean;
}

/** The pairs of one window, with what came after its cutoff; sorted by customer and product. */
export async function readWindow(
  day: DayView,
  { horizonDays, sampling }: RecommendationPlan,
  { cutoff, first, last, allRows }: WindowRequest,
  signal: AbortSignal | undefined,
): Promise<ColumnTable> {
  const features = recommendationFeatures(customersByHash(first, last), DEFAULT_CANDIDATES, cutoff);
  const statement = withRelations([{ name: 'recommendation_features', ...features }], {
    file: 'portable/labels/recommendation_training_rows',
    values: [cutoff, horizonDays, sampling.keptBelow, allRows ? 1 : 0],
  });
  return day.data.columns({ ...day.statement(statement), isLarge: true, signal });
}

/** The rows of a window that are to be learnt from, weighted so that the share of purchases stays the true one. */
export function keptRows(table: ColumnTable, sampling: NegativeSampling): RecommendationRows {
  const kept = table.float32('is_kept');
  const rows = rowsWhere(kept.length, (row) => kept[row] === 1);
  const purchased = table.float32('is_purchased');
  const customers = numberCustomers(table);
  return {
    dataset: {
      ...toFeatureMatrix(table, RECOMMENDATION_FEATURES, rows),
      labels: sharedColumnOf(Float32Array.from(rows, (row) => purchased[row])),
      weights: sharedColumnOf(Float32Array.from(rows, (row) => (purchased[row] === 1 ? 1 : sampling.weight))),
    },
    customerIndex: Int32Array.from(rows, (row) => customers[row]),
  };
}

/** Numbers the customers of a sorted result from 0. */
function numberCustomers(table: ColumnTable): Int32Array {
  const ids = table.ids('customer_id');
  const numbers = new Int32Array(ids.length);
  for (let row = 1; row < ids.length; row++)
    numbers[row] = numbers[row - 1] + (ids[row] === ids[row - 1] ? 0 : 1);
  return numbers;
}

/** Rows of several windows, one after the other. */
export function joinRows(parts: readonly RecommendationRows[]): RecommendationRows {
  return {
    dataset: concatDatasets(parts.map(({ dataset }) => dataset)),
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
    train: selectRows(
      dataset,
      rowsWhere(dataset.rowCount, (row) => !isValidation(row)),
    ),
    validation: selectRows(dataset, rowsWhere(dataset.rowCount, isValidation)),
  };
}
