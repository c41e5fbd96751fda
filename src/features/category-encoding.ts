import type { ColumnCells, TableColumn } from '../data/feature-table/feature-table.ts';
import { sharedColumn } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';

/** What each category of a column stands for as a number; a missing one is the empty text. */
export interface CategoryEncoding {
  readonly codes: ReadonlyMap<string, number>;
  /** Of categories never seen, or too rarely. */
  readonly other: number;
}

/** By column: how its cells become numbers. Numbers and days stay as they are. */
export type TableEncoding = readonly (CategoryEncoding | undefined)[];

/** A category with as many rows counts as much as what is known of all rows. */
const PRIOR_ROWS = 20;
/** Fewer rows say too little of a category. */
const LEAST_ROWS = 10;
const MOST_CATEGORIES = 200;

/**
 * Encodes categories by the log-odds of the label among their rows, shrunk towards the mean of all rows if there are
 * few (Micci-Barreca 2001). Trees need an order to split by, and of two classes this one holds the best split of any
 * (Fisher 1958); a regression finds each category's weight in it. Learnt on training rows alone.
 *
 * @param customers their labels, and weights if they do not count alike
 * @param rows which rows to learn from.
 */
export function fitEncoding(
  cells: readonly ColumnCells[],
  customers: WeighedLabels,
  rows: Uint32Array,
): TableEncoding {
  let [positives, all] = [0, 0];
  for (const row of rows) {
    const weight = customers.weights?.[row] ?? 1;
    positives += weight * customers.labels[row];
    all += weight;
  }
  const prior = (positives + 1) / (all + 2);
  return cells.map((column) =>
    column.kind === 'category' ? encodingOf(column.values, customers, rows, prior) : undefined,
  );
}

interface WeighedLabels {
  readonly labels: Float32Array;
  readonly weights?: Float32Array | undefined;
}

function encodingOf(
  values: readonly (string | null)[],
  { labels, weights }: WeighedLabels,
  rows: Uint32Array,
  prior: number,
): CategoryEncoding {
  const groups = new Map<string, { rows: number; positives: number }>();
  for (const row of rows) {
    const value = values[row] ?? '';
    const group = groups.get(value) ?? { rows: 0, positives: 0 };
    const weight = weights?.[row] ?? 1;
    group.rows += weight;
    group.positives += weight * labels[row];
    groups.set(value, group);
  }
  const common = [...groups]
    .filter(([, group]) => group.rows >= LEAST_ROWS)
    .sort(([one, a], [other, b]) => b.rows - a.rows || (one < other ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
  const codes = new Map(
    common.map(([value, group]) => [
      value,
      logOdds((group.positives + PRIOR_ROWS * prior) / (group.rows + PRIOR_ROWS)),
    ]),
  );
  return { codes, other: logOdds(prior) };
}

function logOdds(share: number): number {
  return Math.fround(Math.log(share / (1 - share)));
}

/** The cells as a matrix of numbers; a missing number is NaN. */
export function encodeTable(
  columns: readonly TableColumn[],
  cells: readonly ColumnCells[],
  encoding: TableEncoding,
): FeatureMatrix {
  const numbers = cells.map((column, i) => {
    if (column.kind !== 'category') return column.values;
    const { codes, other } = encoding[i] ?? { codes: new Map<string, number>(), other: Number.NaN };
    const encoded = sharedColumn(column.values.length);
    for (const [row, value] of column.values.entries()) encoded[row] = codes.get(value ?? '') ?? other;
    return encoded;
  });
  return {
    featureNames: columns.map(({ name }) => name),
    rowCount: numbers[0]?.length ?? 0,
    columns: numbers,
  };
}
