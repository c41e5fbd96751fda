import { type DayView, withRelations } from '../../data/compose-statement.ts';
import type { ColumnTable, Id } from '../../data/data-source.ts';
import {
  columnAt,
  concatDatasets,
  pickRows,
  rowsWhere,
  selectRows,
  toFeatureMatrix,
} from '../../dataset/column-rows.ts';
import { foldOf } from '../../dataset/customer-folds.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import {
  DEFAULT_CANDIDATES,
  featuresOfCandidates,
  RECOMMENDATION_FEATURES,
  recommendationCandidates,
} from '../../features/recommendation-features.ts';
import type { RecommendationPlan } from './plan.ts';
import { taughtCustomers } from './taught-day.ts';

const VALIDATION_FOLD = 4;

/**
 * Rows to learn from, with the fold of each row's customer, so that a split never divides one. The weight of a row is how
 * many pairs it stands for: 0 if it is there for the order of its customer's products alone.
 */
export interface RecommendationRows {
  readonly dataset: LabelledDataset;
  /** A number for each customer and window; the rows of one stand together. */
  readonly customers: Uint32Array;
  /** 0 to 4; a customer has the same one in every window. */
  readonly folds: Uint8Array;
}

export type DrawnRows = Pick<RecommendationRows, 'dataset' | 'folds'>;

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
  { sampling }: RecommendationPlan,
  { cutoff, first, last, allRows }: WindowRequest,
  signal: AbortSignal | undefined,
): Promise<ColumnTable> {
  const statement = withRelations(
    [
      { name: 'chosen_customers', ...taughtCustomers(first, last) },
      { name: 'all_candidates', ...recommendationCandidates(DEFAULT_CANDIDATES, cutoff) },
      // Rows that nothing is learnt from go before the wide join.
      {
        name: 'recommendation_candidates',
        file: 'portable/labels/labelled_candidates',
        values: [sampling.drawn, sampling.usualOrders, sampling.listed, allRows ? 1 : 0],
      },
      { name: 'recommendation_features', ...featuresOfCandidates(cutoff) },
    ],
    { file: 'portable/labels/recommendation_training_rows', values: [] },
  );
  return day.data.columns({ ...day.statement(statement), isLarge: true, signal });
}

/**
 * The rows of a window that are to be learnt from, weighted so that the share of purchases stays the true one.
 *
 * @param features of all rows, if they have been read: reading them takes as long as scoring them.
 */
export function keptRows(
  table: ColumnTable,
  features = toFeatureMatrix(table, RECOMMENDATION_FEATURES),
): RecommendationRows {
  const kept = table.float32('is_kept');
  const rows = rowsWhere(kept.length, (row) => kept[row] === 1);
  const purchased = table.float32('is_purchased');
  const weights = table.float32('stands_for');
  const ids = table.ids('customer_id');
  const folds = foldsOf(ids);
  const customers = numbersOf(ids);
  return {
    dataset: {
      ...(rows.length === features.rowCount ? features : pickRows(features, rows)),
      labels: columnAt(purchased, rows),
      weights: columnAt(weights, rows),
    },
    customers: rows.map((row) => customers[row]),
    folds: bytesAt(folds, rows),
  };
}

/** 0 for the rows of the first customer of a result that is sorted by them, 1 for those of the second, and so on. */
function numbersOf(ids: readonly Id[]): Uint32Array {
  const numbers = new Uint32Array(ids.length);
  for (let row = 1; row < ids.length; row++) {
    numbers[row] = numbers[row - 1] + (ids[row] === ids[row - 1] ? 0 : 1);
  }
  return numbers;
}

/** The folds of the customers of a result that is sorted by them. */
function foldsOf(ids: readonly Id[]): Uint8Array {
  const folds = new Uint8Array(ids.length);
  for (const [row, id] of ids.entries()) {
    const isSame = row > 0 && id === ids[row - 1];
    folds[row] = isSame ? folds[row - 1] : foldOf(id);
  }
  return folds;
}

/** Rows of several windows, one after the other. */
export function joinRows(parts: readonly RecommendationRows[]): RecommendationRows {
  const dataset = concatDatasets(parts.map((part) => part.dataset));
  const customers = new Uint32Array(dataset.rowCount);
  const folds = new Uint8Array(dataset.rowCount);
  let [row, next] = [0, 0];
  for (const part of parts) {
    const first = next;
    customers.set(
      part.customers.map((customer) => customer + first),
      row,
    );
    folds.set(part.folds, row);
    row += part.folds.length;
    next += (part.customers.at(-1) ?? -1) + 1;
  }
  return { dataset, customers, folds };
}

/** The rows that stand for pairs: what probabilities are learnt from. */
export function drawnRows({ dataset, folds }: RecommendationRows): DrawnRows {
  const rows = rowsWhere(dataset.rowCount, (row) => dataset.weights?.[row] !== 0);
  if (rows.length === dataset.rowCount) return { dataset, folds };
  return { dataset: selectRows(dataset, rows), folds: bytesAt(folds, rows) };
}

function bytesAt(bytes: Uint8Array, rows: Uint32Array): Uint8Array {
  const picked = new Uint8Array(rows.length);
  for (let index = 0; index < rows.length; index++) picked[index] = bytes[rows[index]];
  return picked;
}

/** A fifth of the customers stop the training early; the others teach. */
export function splitByCustomer({ dataset, folds }: DrawnRows): {
  train: LabelledDataset;
  validation: LabelledDataset;
} {
  const isValidation = (row: number) => folds[row] === VALIDATION_FOLD;
  return {
    train: selectRows(
      dataset,
      rowsWhere(dataset.rowCount, (row) => !isValidation(row)),
    ),
    validation: selectRows(dataset, rowsWhere(dataset.rowCount, isValidation)),
  };
}
