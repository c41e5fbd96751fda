import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { readCount } from '../../duckdb/read-count.ts';
import { quoteLiteral } from '../../duckdb/sql-quoting.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { IMPORT_FIELDS } from '../columns/import-fields.ts';
import type { MatchedFile } from '../columns/shop-files.ts';
import { NUMBER_FIELDS } from '../values/typed-column.ts';

/** Fields of which a record has at least one; a row without any of them names nothing. */
const KEYS = {
  orders: ['order_id', 'customer_id', 'order_date'],
  order_items: ['order_id', 'product_id', 'product_name', 'customer_id', 'order_date'],
  customers: ['customer_id', 'person_id'],
  product_catalog: ['product_id', 'product_name'],
} as const satisfies Record<ShopTable, readonly string[]>;

/** What a sum is of: if these hold nothing but a word for a sum, the row is one, whatever its date. */
const SUMMED = {
  orders: ['order_id', 'customer_id'],
  order_items: ['product_id', 'product_name'],
  customers: ['customer_id'],
  product_catalog: ['product_id'],
} as const satisfies Record<ShopTable, readonly string[]>;

/** The last row of a file that has figures and names nothing; elsewhere such a row is damaged. */
const UNNAMED = 'unnamed sum';

/**
 * The SQL for why a row of a text file holds no record: a blank row, the header once more, a line of sums, a remark. NULL for
 * every other row. `cellOf` gives the SQL for the text of a field.
 */
export function noRecordSql(file: MatchedFile, cellOf: (field: string) => string): string {
  const { table, match, columns } = file;
  const has = (field: string) => field in match;
  const cells = IMPORT_FIELDS[table].filter(has);
  const keys = KEYS[table].filter(has);
  const summed = SUMMED[table].filter(has);
  const numbers: readonly string[] = NUMBER_FIELDS[table];
  const words = cells.filter((field) => !numbers.includes(field) && field !== 'currency');
  const filled = (fields: readonly string[]) =>
    countOf(fields.map((field) => `nullif(trim(${cellOf(field)}), '') is not null`));
  // One list, because each call of these macros in the statement costs milliseconds to prepare.
  const says = (condition: string, fields: readonly string[]) =>
    `len(list_filter([${fields.map(cellOf).join(', ')}]::varchar[], cell -> ${condition}))`;
  const headers = countOf(
    cells.map((field) => {
      const name = (columns[match[field] ?? -1] ?? '').trim().toLowerCase();
      return `lower(trim(${cellOf(field)})) = ${quoteLiteral(name)}`;
    }),
  );
  // Beside "Number of orders" is that number.
  const numbersBeside =
    table === 'orders' && has('order_date')
      ? `case when ${filled(['order_date'])} = 0 then ${countOf(keys.map((field) => `regexp_full_match(trim(${cellOf(field)}), '\\d+')`))} else 0 end`
      : '0';
  return `case when ${mayHoldNoRecord(file, cellOf)} then case
    when ${filled(cells)} = 0 then 'blank row'
    when ${headers} >= greatest(2, (${filled(cells)}) / 2.0) then 'repeated header'
    when ${says('says_summary(cell)', summed)} = greatest(1, ${filled(summed)}) then 'summary row'
    when ${says('begins_summary(cell)', keys)} >= greatest(1, ${filled(keys)} - ${numbersBeside}) then 'summary row'
    when ${keys.length} > 1 and ${filled(words)} = 0 then ${quoteLiteral(UNNAMED)}
    when ${cells.length} > 2 and ${filled(keys)} = 1 and ${filled(cells)} = 1
      and regexp_matches(trim(concat(${keys.map(cellOf).join(', ')})), '\\p{L}.*\\s|\\s.*\\p{L}') then 'remark'
  end end`;
}

function countOf(conditions: readonly string[]): string {
  const ones = conditions.map((condition) => `cast(coalesce(${condition}, false) as integer)`);
  return ones.length === 0 ? '0' : `(${ones.join(' + ')})`;
}

/** A cheap condition that nearly all records fail, because files have tens of millions of rows. */
function mayHoldNoRecord({ table, match, columns }: MatchedFile, cellOf: (field: string) => string): string {
  const has = (field: string) => field in match;
  const isEmpty = (text: string) => `coalesce(${text}, '') in ('', ' ')`;
  const isNoNumber = (text: string) => `${text}[1] not between '0' and '9'`;
  if (has('order_date')) {
    const date = cellOf('order_date');
    const others = SUMMED[table].filter(has).map((field) => isEmpty(cellOf(field)));
    const product = table === 'order_items' ? [isSummaryOf(SUMMED.order_items.filter(has).map(cellOf))] : [];
    return [isEmpty(date), isNoNumber(date), ...others, ...product].join(' or ');
  }
  if (table !== 'order_items') return 'true';
  const products = SUMMED.order_items.filter(has);
  const asHeader = products.map(
    (field) => `${cellOf(field)} = ${quoteLiteral(columns[match[field] ?? -1] ?? '')}`,
  );
  return [
    ...products.map((field) => isEmpty(cellOf(field))),
    ...asHeader,
    isSummaryOf(products.map(cellOf)),
  ].join(' or ');
}

/** The first of the cells that is filled is nothing but a word for a sum. */
function isSummaryOf(cells: readonly string[]): string {
  const [first = "''"] = cells;
  return `(${first}[1] not between '0' and '9' and says_summary(${first}))`;
}

/**
 * Moves the rows that hold no record from a staged file to `staging.no_records`, so that nothing is decided by them: neither
 * how dates are written nor which type ids have.
 */
export async function moveNoRecords(
  connection: DuckDBConnection,
  { table, fileNumber }: { readonly table: ShopTable; readonly fileNumber: number },
  relation: string,
): Promise<void> {
  const staged = `staging.${relation}`;
  const found = await readCount(connection, `select count(no_record) from ${staged}`);
  if (found === 0) return;
  await connection.run(
    `update ${staged} set no_record = case
       when row_number > (select coalesce(max(row_number), 0) from ${staged} where no_record is null) then 'summary row'
     end
     where no_record = ${quoteLiteral(UNNAMED)}`,
  );
  await connection.run(
    `insert into staging.no_records
     select ?, ?, row_number, kept.no_record, cast(to_json(source) as varchar)
     from (select * exclude (attributes, no_record) from ${staged}) as source
     inner join ${staged} as kept using (row_number)
     where kept.no_record is not null`,
    [table, fileNumber],
  );
  await connection.run(`delete from ${staged} where no_record is not null`);
}
