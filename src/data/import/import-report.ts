import type { DataSummary } from '../data-source.ts';
import type { Ledger } from './meaning/ledger.ts';
import type { TableReport } from './table-report.ts';

/** Rows of orders and of lines that the rejects file shows for each reason; `rejects.sql` has the same number. */
export const MOST_REJECTED_ROWS = 100_000;

export interface ImportReport {
  /** Undefined after a dry run, which keeps nothing. */
  readonly snapshotId: string | undefined;
  readonly summary: DataSummary;
  readonly ledger: Ledger;
  readonly tables: readonly TableReport[];
  /** Decisions that a user may not expect, as full sentences. */
  readonly notes: readonly string[];
  /** A CSV of the rejected rows: file, line, row, reason, content. Absent if none was rejected. */
  readonly rejectsFile?: string;
}
