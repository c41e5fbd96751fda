import { z } from 'zod';

/**
 * How a column is read. Days are numbers too, days since 1970, of which some are written day first, month first, or with
 * the two digits of the year first; comma numbers have a decimal comma in the file.
 */
export const columnKindSchema = z.enum([
  'number',
  'comma_number',
  'day',
  'day_first',
  'month_first',
  'year_first',
  'category',
]);
export type ColumnKind = z.infer<typeof columnKindSchema>;

export const tableColumnSchema = z.object({ name: z.string(), kind: columnKindSchema });
export type TableColumn = z.infer<typeof tableColumnSchema>;

export const leftOutColumnSchema = z.object({ name: z.string(), reason: z.string() });
export type LeftOutColumn = z.infer<typeof leftOutColumnSchema>;

/** The summary of a table of customers. */
export const tableSummarySchema = z.object({
  /** SHA-256 of the content, independent of the order of rows. */
  fingerprint: z.string(),
  id_column: z.string(),
  target: z.string(),
  /** The value of the target that counts as churned. */
  positive: z.string(),
  rows: z.int(),
  churned: z.int(),
  /** The column of sample weights, if one was named. */
  weight: z.string().optional(),
  /** The column with the money that each customer is worth, if one was named. */
  value: z.string().optional(),
  columns: z.array(tableColumnSchema),
  left_out: z.array(leftOutColumnSchema),
});
export type TableSummary = z.infer<typeof tableSummarySchema>;

/** The cells of a column; a missing number is NaN, a missing category null. */
export type ColumnCells =
  | { readonly kind: Exclude<ColumnKind, 'category'>; readonly values: Float32Array<SharedArrayBuffer> }
  | { readonly kind: 'category'; readonly values: readonly (string | null)[] };

/** Customers as rows, by columns. */
export interface TableRows {
  readonly ids: readonly string[];
  /** In the order of the requested columns. */
  readonly cells: readonly ColumnCells[];
}

/** An imported table: rows by id, with the outcome of each customer. */
export interface FeatureTable extends TableRows {
  readonly summary: TableSummary;
  /** 1 if the customer churned, else 0. */
  readonly labels: Float32Array<SharedArrayBuffer>;
  /** What each customer counts, in training and in the figures; undefined if each counts once. */
  readonly weights?: Float32Array<SharedArrayBuffer> | undefined;
  /** The money that each customer is worth, NaN if it is missing; undefined if no column of it was named. */
  readonly values?: Float32Array<SharedArrayBuffer> | undefined;
}
