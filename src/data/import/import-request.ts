import type { ProgressListener } from '../../progress.ts';
import type { Acceptable } from './acceptable-refusal.ts';
import type { DiscountForm } from './meaning/line-amounts.ts';

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** Which files to import, and what their columns are called where names do not tell. */
export interface ImportRequest {
  readonly orders?: FilePaths | undefined;
  readonly orderItems?: FilePaths | undefined;
  readonly products?: FilePaths | undefined;
  readonly customers?: FilePaths | undefined;
  /** Field, or `table.field`, to the name of the column in the file: `{total_amount: 'Net value'}`. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** How dates are written, if the files themselves do not tell: `dmy`, `mdy`, `ymd`, or a format with `%` signs. */
  readonly dateFormat?: string | undefined;
  /** What separates decimals, if the files themselves do not tell. */
  readonly decimal?: 'comma' | 'point' | undefined;
  /** Status words that are sales; then no other is. `['all']`: every row is. */
  readonly salesStatuses?: readonly string[] | undefined;
  /** Customers' ids that stand for whoever has no account, besides the common ones. */
  readonly guests?: readonly string[] | undefined;
  /** Products that are none, and products that are, where their names tell otherwise. */
  readonly notProducts?: readonly string[] | undefined;
  readonly isProducts?: readonly string[] | undefined;
  /** The currency of the shop, and what one unit of others is worth in it. */
  readonly currency?: string | undefined;
  readonly rates?: Readonly<Record<string, number>> | undefined;
  /** How discounts of lines are written, if the file does not tell. */
  readonly discount?: DiscountForm | undefined;
  /** Columns of the files that customers are to be filtered by, besides country and channel. */
  readonly keep?: readonly string[] | undefined;
  /** `append` adds to what is there, `replace` keeps nothing; else what no file was given for stays. */
  readonly mode?: 'append' | 'replace' | undefined;
  /** Does all but replace the data. */
  readonly dryRun?: boolean | undefined;
  /** Refusals that the user knows to be right as they are. */
  readonly accept?: readonly Acceptable[] | undefined;
}

/** One file, or several that hold rows of one table. */
export type FilePaths = string | readonly string[];

export interface ImportOptions {
  readonly home: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** When the import begins; by default the clock's time. */
  readonly now?: Date | undefined;
}
