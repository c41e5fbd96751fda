import type { ShopTable } from '../../shop-tables.ts';
import { mapExample } from '../columns/column-matcher.ts';
import { comparableName } from '../columns/comparable-name.ts';
import { IMPORT_FIELDS } from '../columns/import-fields.ts';
import type { TableReport } from '../table-report.ts';

/** A column of the files that was not read, and the flag that would use it. */
export interface HelpfulColumn {
  readonly column: string;
  readonly flag: string;
}

/** Uses of a column by its comparable name; a field is offered only if no column was read as it. */
const USES: readonly { readonly names: RegExp; readonly field?: string }[] = [
  { names: /currency|wahrung|devise|moneda|valuta|waluta/, field: 'currency' },
  { names: /refund|erstatt|rembours|reembols|rimbors/, field: 'refunded_amount' },
  { names: /cancel|storn|annul|anulad|^void/, field: 'cancelled_at' },
  { names: /orderstat|paymentstat|^status|financialstat/, field: 'order_status' },
  { names: /category|department|kategor|categor|warengruppe/, field: 'product_category' },
  {
    names:
      /country|region|province|city|channel|utm|medium|campaign|segment|customergroup|tier|gender|language|locale|store|branch|brand|device|referr|coupon|discountcode|paymentmethod|salesrep|subscription|newsletter|marketing/,
  },
];
/** Columns that hold a different text for nearly everybody, or say nothing of a customer. */
const NO_HELP = /address|street|name$|phone|zip|post|(date|at|time|id|amount|total|price|url)$/;
const MOST = 8;

/** Columns that would help and were not read, with the flag for each; first those that hold words of statuses. */
export function helpfulColumns(
  tables: readonly TableReport[],
  unreadStatuses: readonly HelpfulColumn[] = [],
): HelpfulColumn[] {
  const found = tables
    .filter(({ table }) => table !== 'product_catalog')
    .flatMap(({ table, columns, ignoredColumns }) =>
      ignoredColumns.flatMap((column): HelpfulColumn[] => {
        const name = comparableName(column);
        const use = USES.find(({ names, field }) => names.test(name) && isOpen(table, field, columns));
        if (use === undefined || (use.field === undefined && NO_HELP.test(name))) return [];
        const written = mapExample(column);
        return [
          {
            column,
            flag: use.field === undefined ? `--keep ${written}` : `--map ${table}.${use.field}=${written}`,
          },
        ];
      }),
    );
  const byColumn = new Map<string, HelpfulColumn>();
  for (const each of [...unreadStatuses, ...found]) {
    if (!byColumn.has(each.column)) byColumn.set(each.column, each);
  }
  return [...byColumn.values()].slice(0, MOST);
}

function isOpen(
  table: ShopTable,
  field: string | undefined,
  columns: Readonly<Record<string, string>>,
): boolean {
  return (
    field === undefined || (IMPORT_FIELDS[table].some((known) => known === field) && !(field in columns))
  );
}
