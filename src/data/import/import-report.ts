import type { DataSummary } from '../data-source.ts';
import type { Ledger } from './meaning/ledger.ts';
import type { TableReport } from './table-report.ts';

export interface ImportReport {
  /** Undefined after a dry run: nothing was kept. */
  readonly snapshotId: string | undefined;
  readonly summary: DataSummary;
  readonly ledger: Ledger;
  readonly tables: readonly TableReport[];
  /** Full sentences on what was decided, where a user may have expected something else. */
  readonly notes: readonly string[];
  /** A CSV of all rejected rows: file, line, row, reason, content. Absent where none was rejected. */
  readonly rejectsFile?: string;
}
