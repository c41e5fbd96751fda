import type { ProgressListener } from '../../progress.ts';
import type { SegmentThresholds } from '../segment-thresholds.ts';
import type { Acceptable } from './acceptable-refusal.ts';
import type { DiscountForm } from './meaning/line-amounts.ts';

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** The files to import, and the names of columns that cannot be recognised. */
export interface ImportRequest {
  readonly orders?: FilePaths | undefined;
  readonly orderItems?: FilePaths | undefined;
  readonly products?: FilePaths | undefined;
  readonly customers?: FilePaths | undefined;
  /** Field, or `table.field`, to the name of the column in the file: `{total_amount: 'Net value'}`. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** The order of dates, if the files are ambiguous: `dmy`, `mdy`, `ymd`, or a format with `%` signs. */
  readonly dateFormat?: string | undefined;
  /** The decimal mark, if the files are ambiguous. */
  readonly decimal?: 'comma' | 'point' | undefined;
  /** The status words that count as sales, and no others. `['all']`: every row counts. */
  readonly salesStatuses?: readonly string[] | undefined;
  /** Customer ids that stand for guests without an account, besides the common ones. */
  readonly guests?: readonly string[] | undefined;
  /** Ids of charges that look like products, and of products that look like charges. */
  readonly notProducts?: readonly string[] | undefined;
  readonly isProducts?: readonly string[] | undefined;
  /** The currency of the shop, and what one unit of others is worth in it. */
  readonly currency?: string | undefined;
  readonly rates?: Readonly<Record<string, number>> | undefined;
  /** The form of the lines' discounts, if the file is ambiguous. */
  readonly discount?: DiscountForm | undefined;
  /** Columns of the files that customers are to be filtered by, besides country and channel. */
  readonly keep?: readonly string[] | undefined;
  /** `append` adds to the existing data, `replace` keeps none of it; by default, tables without a given file stay. */
  readonly mode?: 'append' | 'replace' | undefined;
  /** Does everything except replacing the data. */
  readonly dryRun?: boolean | undefined;
  /**
   * The files hold the latest rows of the log, written in one way, so nothing is guessed from their content: it would differ
   * from one refresh to the next. An order with the number of an order of the log replaces it: customer and day do not matter.
   */
  readonly isOfLog?: boolean | undefined;
  /** The checks that the user accepts although they fail. */
  readonly accept?: readonly Acceptable[] | undefined;
}

/** One file, or several that hold rows of one table. */
export type FilePaths = string | readonly string[];

export interface ImportOptions {
  readonly home: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Where the segments begin; by default those of the stored procedure. */
  readonly segmentThresholds?: SegmentThresholds | undefined;
  /** When the import begins; by default the clock's time. */
  readonly now?: Date | undefined;
  /** The largest share of the shop's orders for which added rows change a copy of the data; 0: all tables are built anew. */
  readonly mostNearby?: number | undefined;
  /** Up to so many order lines are stored when they are checked; more are read again if that takes less time. */
  readonly mostStoredLines?: number | undefined;
}
