import type { z } from 'zod';
import type { LeftOutRows } from './left-out-rows.ts';
import type { StatementText } from './load-sql.ts';
import type { SegmentThresholds } from './segment-thresholds.ts';

/** A value bound to a `?` of a statement. Dates travel as ISO text, `YYYY-MM-DD`. */
export type SqlValue = string | number | bigint | boolean | null;

/** Ids are integers if all ids of the shop are plain integers (no leading zeros, at most 15 digits), else text. */
export type Id = number | string;

/** A statement and the values of its `?` in order. */
export type Statement = StatementText & { readonly values: readonly SqlValue[] };

/** A statement to run. */
export type Query = Statement & {
  /** Set if the result grows with the number of customers: some engines then fetch it in another way. */
  readonly isLarge?: boolean;
  /** Set if it reads few rows, found by ids: some engines then answer it on one thread, by a statement that they plan once. */
  readonly lookup?: Lookup;
  /** Set if others like it run beside it: some sources with relations then answer them at the same time, not in turns. */
  readonly isOneOfSeveral?: boolean;
  readonly signal?: AbortSignal | undefined;
};

/** The same result by a statement that reads what is asked for from tables, so that its text and plan serve every question. */
export interface Lookup {
  readonly statement: Statement;
  readonly tables: readonly GivenTable[];
}

/** Rows, one at least, of ids or texts, each column of one type: integers if its first value is a number. */
export interface GivenTable<Value extends Id = Id> {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** A statement whose result is read by its name: lower case letters and underscores. */
export type Relation = Statement & { readonly name: string };

export interface RelationOptions {
  /** Set if several statements read the relations side by side: some engines then answer each on one thread. */
  readonly areForSeveral?: boolean;
  /** Set if they are computed from more than fits in memory: some engines then spill to disk sooner. */
  readonly areHuge?: boolean;
}

/** What was imported, computed once per snapshot. */
export interface DataSummary {
  /** SHA-256 over the content of the shop tables: the same orders give the same fingerprint. */
  readonly fingerprint: string;
  readonly customers: number;
  readonly orders: number;
  readonly orderItems: number;
  readonly products: number;
  readonly hasItems: boolean;
  readonly hasCatalog: boolean;
  /** True if products have categories. */
  readonly hasCategories: boolean;
  /** ISO dates `YYYY-MM-DD` of the first and last order. */
  readonly firstOrderDate: string;
  readonly lastOrderDate: string;
  readonly customerIdType: 'integer' | 'text';
  readonly productIdType: 'integer' | 'text';
  readonly segmentThresholds: SegmentThresholds;
  /** Rows of tables that nobody cleaned, which do not count; undefined if all do. */
  readonly leftOut?: readonly LeftOutRows[];
}

/** The result of a query, column by column, without an object per row. */
export interface ColumnTable {
  readonly rowCount: number;
  readonly columnNames: readonly string[];
  /** The rows at these indices, in that order; nothing else is read of a column then. */
  pick(rows: Uint32Array): ColumnTable;
  /** A numeric, boolean or date column as float32 in shared memory; SQL NULL is NaN; dates are days since 1970. */
  float32(name: string): Float32Array<SharedArrayBuffer>;
  float64(name: string): Float64Array;
  /** An id column: numbers if it is an integer column, else text. */
  ids(name: string): Id[];
  text(name: string): (string | null)[];
}

/**
 * A shop's orders. The consumer (features, training, scoring, recommend) asks by the name of a statement; every
 * engine runs the same text. A data source sees one immutable snapshot and never changes.
 */
export interface DataSource extends AsyncDisposable {
  /** When the snapshot was made; undefined if the data is elsewhere. */
  readonly madeAt?: Date | undefined;
  summary(): Promise<DataSummary>;
  /** Rows of a *small* result (at most some thousands), each parsed by `rowSchema`; column names are lower case. */
  rows<Row>(query: Query, rowSchema: z.ZodType<Row>): Promise<Row[]>;
  /** A result of any size, column by column. */
  columns(query: Query): Promise<ColumnTable>;
  /**
   * The same data with some relations computed once under their own names, for statements that read them repeatedly.
   * Sources derived from the result see them too, no other source does, and they are removed when the result is disposed of.
   */
  withRelations(
    relations: readonly Relation[],
    signal?: AbortSignal,
    options?: RelationOptions,
  ): Promise<DataSource>;
}

/** Opens the current data. A long-lived server asks before every call, so it sees a new import at its next call. */
export interface DataSourceProvider extends AsyncDisposable {
  /** The current snapshot, open until the provider closes. Throws `NO_DATA` if nothing has been imported. */
  current(): Promise<DataSource>;
  /** The current snapshot for one call: once another has replaced it, it closes when its last borrower gives it back. */
  borrow(): Promise<BorrowedData>;
}

/** Dispose of it to give the data back; the data itself is the provider's to close. */
export interface BorrowedData extends AsyncDisposable {
  readonly data: DataSource;
}
