/** Why a customer of a table may leave: the columns that move the score, each with what happened to customers like this one. */
import type { ColumnCells } from '../data/feature-table/feature-table.ts';
import { sharedColumnOf } from '../dataset/column-rows.ts';
import { compareWithTypical } from '../explain/typical-customer.ts';
import { encodeTable, type TableEncoding } from '../features/category-encoding.ts';
import type { RegisteredVersion } from '../registry/model-registry.ts';
import { cellText, numberText, type ScoredTable } from './table-customers.ts';

/** How a column moves a customer's risk, against the average customer of the table. */
export interface TableReason {
  readonly column: string;
  /** As written; undefined if the cell is missing. */
  readonly value: string | undefined;
  /** Log-odds; positive raises the risk. */
  readonly contribution: number;
  /** Of the table's customers with such a value the share that left; undefined if they are too few, or speak against the reason. */
  readonly like:
    | { readonly range: string | undefined; readonly left: number; readonly customers: number }
    | undefined;
}

/** Fewer customers say too little. */
const LEAST_CUSTOMERS = 20;
/** Numbers and days are compared within quarters of the customers. */
const QUARTERS = 4;

export interface TableExplainer {
  /** Log-odds of the average customer of the table. */
  readonly typicalRawScore: number;
  /** The share of the table's customers that left. */
  readonly left: number;
  /** For each row the reasons, strongest first, whichever way they point. */
  explain(rows: readonly number[]): TableReason[][];
}

export function createTableExplainer(
  scored: ScoredTable,
  { ensemble, encoding }: Pick<RegisteredVersion, 'ensemble'> & { readonly encoding: TableEncoding },
): TableExplainer {
  const { table, columns, cells } = scored;
  const groups = cells.map((column) => groupsOf(column, table.labels));
  const left = table.labels.reduce((sum, label) => sum + label, 0) / Math.max(1, table.labels.length);
  const empty = encodeTable(columns, pickRows(cells, []), encoding);
  return {
    typicalRawScore: compareWithTypical(ensemble, empty, undefined).typicalRawScore,
    left,
    explain(rows) {
      const matrix = encodeTable(columns, pickRows(cells, rows), encoding);
      const { contributions } = compareWithTypical(ensemble, matrix, undefined);
      return rows.map((row, i) =>
        columns
          .map((column, at): TableReason => {
            const contribution = contributions[i * columns.length + at];
            const group = groups[at](row);
            const agrees = group !== undefined && group.left > left === contribution > 0;
            return {
              column: column.name,
              value: cellText(cells[at], row),
              contribution,
              like: agrees ? group : undefined,
            };
          })
          .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
      );
    },
  };
}

type Group = NonNullable<TableReason['like']>;

/** Tells of a row the customers with such a value; undefined if they are too few or the value is missing. */
function groupsOf(column: ColumnCells, labels: Float32Array): (row: number) => Group | undefined {
  return column.kind === 'category'
    ? categoryGroups(column.values, labels)
    : quarterGroups(column.values, labels, (value) => numberText(column.kind, value));
}

function categoryGroups(values: readonly (string | null)[], labels: Float32Array) {
  const counts = new Map<string | null, { customers: number; left: number }>();
  for (const [row, value] of values.entries()) {
    const group = counts.get(value) ?? { customers: 0, left: 0 };
    group.customers += 1;
    group.left += labels[row];
    counts.set(value, group);
  }
  return (row: number) => shareOf(counts.get(values[row]), undefined);
}

function quarterGroups(values: Float32Array, labels: Float32Array, text: (value: number) => string) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const cuts = Array.from(
    { length: QUARTERS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / QUARTERS)],
  );
  const quarterOf = (value: number) => cuts.filter((cut) => value >= cut).length;
  const counts = Array.from({ length: QUARTERS }, () => ({ customers: 0, left: 0 }));
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const group = counts[quarterOf(value)];
    group.customers += 1;
    group.left += labels[row];
  }
  return (row: number) => {
    if (Number.isNaN(values[row])) return undefined;
    const quarter = quarterOf(values[row]);
    const [from, to] = [cuts[quarter - 1], cuts[quarter]].map((cut) =>
      cut === undefined ? undefined : text(cut),
    );
    return shareOf(counts[quarter], rangeText(from, to));
  };
}

/** Quarters hold their lower end, not their upper one. */
function rangeText(from: string | undefined, to: string | undefined): string {
  if (from === undefined) return `less than ${to}`;
  return to === undefined ? `${from} or more` : `${from} up to ${to}`;
}

function shareOf(
  group: { readonly customers: number; readonly left: number } | undefined,
  range: string | undefined,
): Group | undefined {
  if (group === undefined || group.customers < LEAST_CUSTOMERS) return undefined;
  return { range, customers: group.customers, left: group.left / group.customers };
}

function pickRows(cells: readonly ColumnCells[], rows: readonly number[]): ColumnCells[] {
  return cells.map((column) =>
    column.kind === 'category'
      ? { kind: column.kind, values: rows.map((row) => column.values[row]) }
      : { kind: column.kind, values: sharedColumnOf(rows.map((row) => column.values[row])) },
  );
}
