/** How fresh the data of an answer is. */
export interface DataFreshness {
  /** What the data is: a shop's orders, here or in Snowflake, or a table of customers, which has no days. */
  readonly kind: 'orders' | 'orders in Snowflake' | 'table';
  /** The day of the last order. */
  readonly ordersUntil?: string | undefined;
  /** When the data was imported, or the log was folded into it. */
  readonly refreshedAt?: Date | undefined;
  /** Whether rows arrive one by one, and not by imports alone. */
  readonly isLive: boolean;
  /** Rows that have arrived and are not in the data yet; undefined if they were not counted. */
  readonly waitingRows?: number | undefined;
}

/** A type, because the parts of a tool's context are records of functions. */
export type FreshnessReader = {
  readonly now: () => Date;
  /** Gives an answer, and says how fresh the orders are that it was given from; undefined if it read none. */
  readonly ofAnswer: <Result>(
    answer: () => Promise<Result>,
  ) => Promise<{ readonly result: Result; readonly freshness: DataFreshness | undefined }>;
  readonly ofTable: () => Promise<DataFreshness>;
};
