import { type ImportReport, MOST_REJECTED_ROWS } from '../data/import/import-report.ts';
import type { TableReport } from '../data/import/table-report.ts';
import { formatCount, plural } from '../text/format.ts';
import { quoted } from '../text/quoted.ts';
import { ledgerText } from './ledger-text.ts';

/** What came of an import: the ledger, what was decided, what became of every row, and what to do next. */
export function importText(
  { snapshotId, ledger, tables, notes, rejectsFile }: ImportReport,
  next: { readonly afterDryRun: string[]; readonly afterImport: string[] },
): string {
  const isDry = snapshotId === undefined;
  const what = `${plural(ledger.orders, 'order')} of ${plural(ledger.customers, 'customer')}, from ${ledger.first_day} to ${ledger.last_day}`;
  return [
    isDry ? `This import would give ${what}. Nothing was changed.` : `Imported ${what}.`,
    '',
    ledgerText(ledger),
    ...(notes.length > 0 ? ['', 'What was decided', ...notes.map((note) => `  ${note}`)] : []),
    ...tables.flatMap(tableLines),
    ...(rejectsFile === undefined ? [] : ['', rejectsLine(rejectsFile, tables)]),
    ...(isDry ? next.afterDryRun : next.afterImport),
  ].join('\n');
}

function rejectsLine(file: string, tables: readonly TableReport[]): string {
  const isCut = tables.some(({ rejected }) => rejected.some(({ count }) => count > MOST_REJECTED_ROWS));
  const which = isCut ? ` (the first ${formatCount(MOST_REJECTED_ROWS)} of each reason)` : '';
  return `Rows that are not used, with reasons${which}: ${file}`;
}

function tableLines({
  table,
  rowsRead,
  rowsKept,
  merged,
  rejected,
  columns,
  ignoredColumns,
}: TableReport): string[] {
  const mapping = Object.entries(columns).map(([field, column]) =>
    field === column ? field : `${field} from ${quoted(column)}`,
  );
  const ignored = ignoredColumns.map((column) => quoted(column));
  return [
    '',
    `${table}: ${plural(rowsRead, 'row')} read, ${formatCount(rowsKept)} kept${merged > 0 ? `, ${formatCount(merged)} merged with another row of the same id and content` : ''}`,
    ...rejected.map(({ reason, count }) =>
      reason === 'refund'
        ? `  ${plural(count, 'refund')}: see the ledger`
        : `  ${formatCount(count)} not used: ${reason}`,
    ),
    ...(mapping.length > 0 ? [`  columns: ${mapping.join(', ')}`] : []),
    ...(ignored.length > 0 ? [`  columns not read: ${ignored.join(', ')}`] : []),
  ];
}
