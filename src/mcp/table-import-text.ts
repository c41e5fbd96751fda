/** What came of an import of a table of customers, in words. */
import type { ImportTableReport } from '../data/import/customer-table/import-feature-table.ts';
import { formatCount, plural } from '../text/format.ts';
import { quoted, quotedList } from '../text/quoted.ts';

export function tableImportText(
  report: ImportTableReport,
  next: { readonly afterDryRun: string[]; readonly afterImport: string[] },
): string {
  const { isImported, summary, rowsRead, badLines, sums, withoutId, withoutTarget, unreadable } = report;
  const ofKind = (kind: string) => {
    const names = summary.columns
      .filter((column) => column.kind === kind)
      .map((column) => quoted(column.name));
    return names.length > 0 ? [`  ${KIND_NAMES[kind] ?? kind}: ${names.join(', ')}`] : [];
  };
  const unused = [
    [badLines, 'cannot be split into columns (too few or too many columns, or an unclosed quote)'],
    [sums.length, `hold a sum and no customer: ${quotedList(sums)}`],
    [withoutId, 'have no id'],
    [withoutTarget, 'have no target'],
  ] as const;
  const what = `${plural(summary.rows, 'customer')}, of whom ${formatCount(summary.churned)} churned (${quoted(summary.target)} is ${quoted(summary.positive)})`;
  return [
    isImported ? `Imported ${what}.` : `This import would give ${what}. Nothing was changed.`,
    '',
    `${formatCount(rowsRead)} rows read, ${formatCount(summary.rows)} kept`,
    ...unused.flatMap(([count, unusable]) => (count > 0 ? [`  ${formatCount(count)} ${unusable}`] : [])),
    ...Object.keys(KIND_NAMES).flatMap(ofKind),
    ...(summary.value === undefined
      ? []
      : [`  money at stake per customer who leaves: ${quoted(summary.value)}`]),
    ...unreadable.map(
      ({ column, cells }) =>
        `  ${plural(cells, 'cell')} of ${quoted(column)} cannot be read as a number, so it counts as missing`,
    ),
    ...summary.left_out.map((column) => `  left out: ${quoted(column.name)}, ${column.reason}`),
    ...(isImported ? next.afterImport : next.afterDryRun),
  ].join('\n');
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  number: 'numbers',
  comma_number: 'numbers with a decimal comma',
  category: 'categories',
  day: 'days',
  day_first: 'days written day first',
  month_first: 'days written month first',
  year_first: 'days written with a two-digit year first',
};
