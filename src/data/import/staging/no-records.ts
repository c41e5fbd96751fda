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

/** A staged text file, and the relation with its rows: one column of text per matched field. */
export interface StagedText extends MatchedFile {
  readonly fileNumber: number;
  readonly relation: string;
}

/**
 * Moves the rows that hold no record from a staged file to `staging.no_records`, so that nothing is decided by them: neither
 * how dates are written nor which type ids have.
 */
export async function moveNoRecords(connection: DuckDBConnection, file: StagedText): Promise<void> {
  const staged = `staging.${file.relation}`;
  const suspect = mayHoldNoRecord(file);
  // To prepare the words for sums takes longer than to read a small file.
  const isAnySuspect = `select count(*) from (select row_number from ${staged} where ${suspect} limit 1)`;
  if ((await readCount(connection, isAnySuspect)) === 0) return;
  await connection.run(
    `create or replace table staging.rows_apart as
     select row_number, reason
     from (select row_number, ${noRecordSql(file)} as reason from ${staged} where ${suspect})
     where reason is not null`,
  );
  if ((await readCount(connection, 'select count(*) from staging.rows_apart')) === 0) return;
  await settleUnnamedSums(connection, staged);
  await connection.run(
    `insert into staging.no_records
     select ?, ?, row_number, apart.reason, cast(to_json(source) as varchar)
     from (select * exclude (attributes) from ${staged}) as source
     inner join staging.rows_apart as apart using (row_number)`,
    [file.table, file.fileNumber],
  );
  await connection.run(
    `delete from ${staged} where row_number in (select row_number from staging.rows_apart)`,
  );
}

/** Figures without a name are a sum if no record follows; else they may be a record whose cells were moved. */
async function settleUnnamedSums(connection: DuckDBConnection, staged: string): Promise<void> {
  const lastRecord = `select coalesce(max(row_number), 0) from ${staged}
     where row_number not in (select row_number from staging.rows_apart)`;
  const isUnnamed = `reason = ${quoteLiteral(UNNAMED)}`;
  await connection.run(`delete from staging.rows_apart where ${isUnnamed} and row_number <= (${lastRecord})`);
  await connection.run(`update staging.rows_apart set reason = 'summary row' where ${isUnnamed}`);
}

/**
 * The SQL for why a row of a text file holds no record: a blank row, the header once more, a line of sums, a remark. NULL for
 * every other row.
 */
function noRecordSql(file: StagedText): string {
  const { table, match, columns } = file;
  const has = (field: string) => field in match;
  const cells = IMPORT_FIELDS[table].filter(has);
  const keys = KEYS[table].filter(has);
  const summed = SUMMED[table].filter(has);
  const numbers: readonly string[] = NUMBER_FIELDS[table];
  const words = cells.filter((field) => !numbers.includes(field) && field !== 'currency');
  const filled = (fields: readonly string[]) => countOf(fields.map(isFilled));
  // One list, because each call of these macros in the statement costs milliseconds to prepare.
  const says = (condition: string, fields: readonly string[]) =>
    `len(list_filter([${fields.join(', ')}]::varchar[], cell -> ${condition}))`;
  const headers = countOf(
    cells.map((field) => {
      const name = (columns[match[field] ?? -1] ?? '').trim().toLowerCase();
      return `lower(trim(${field})) = ${quoteLiteral(name)}`;
    }),
  );
  const hasDatedSums = mayHaveDatedSums(file);
  // Beside "Number of orders" is that number.
  const numbersBeside =
    table === 'orders' && has('order_date')
      ? `case when ${filled(['order_date'])} = 0 then ${countOf(keys.map((field) => `regexp_full_match(trim(${field}), '\\d+')`))} else 0 end`
      : '0';
  return `case
    when ${filled(cells)} = 0 then 'blank row'
    when ${headers} >= greatest(2, (${filled(cells)}) / 2.0) then 'repeated header'
    when ${says("says_summary(cell) and not regexp_matches(cell, '[0-9]')", hasDatedSums ? ['order_id'] : [])} > 0 then 'summary row'
    when not (${hasDatedSums ? lacksDateOrName(file) : 'true'}) then null
    when ${says('says_summary(cell)', summed)} = greatest(1, ${filled(summed)}) then 'summary row'
    when ${says('begins_summary(cell)', keys)} >= greatest(1, ${filled(keys)} - ${numbersBeside}) then 'summary row'
    when ${keys.length} > 1 and ${filled(words)} = 0 then ${quoteLiteral(UNNAMED)}
    when ${cells.length} > 2 and ${filled(keys)} = 1 and ${filled(cells)} = 1
      and regexp_matches(trim(concat(${keys.join(', ')})), '\\p{L}.*\\s|\\s.*\\p{L}') then 'remark'
  end`;
}

/** The SQL for whether a field has more than spaces: true or false. */
export function isFilled(field: string): string {
  return `nullif(trim(${field}), '') is not null`;
}

function countOf(conditions: readonly string[]): string {
  const ones = conditions.map((condition) => `cast(coalesce(${condition}, false) as integer)`);
  return ones.length === 0 ? '0' : `(${ones.join(' + ')})`;
}

/** A cheap condition that nearly all records fail, because files have tens of millions of rows. */
function mayHoldNoRecord(file: StagedText): string {
  const { table, match, columns } = file;
  const has = (field: string) => field in match;
  const summed = SUMMED[table].filter(has);
  const [first = 'null'] = summed;
  if (has('order_date')) {
    const isNamed = table === 'order_items' || mayHaveDatedSums(file);
    return [lacksDateOrName(file), ...(isNamed ? [`may_say_summary(${first})`] : [])].join(' or ');
  }
  if (table === 'order_items') {
    const asHeader = summed.map((field) => `${field} = ${quoteLiteral(columns[match[field] ?? -1] ?? '')}`);
    return [...summed.map(emptySql), ...asHeader, `may_say_summary(${first})`].join(' or ');
  }
  // A number, perhaps behind a letter or two, names a record.
  const key = KEYS[table].find(has) ?? 'null';
  return `coalesce(not regexp_full_match(${key}, '[A-Za-z]{0,2}[-_]?[0-9]+'), true)`;
}

/** A sum may have the day of the last order that it sums; its order's number is then the word for a sum, and nothing else. */
function mayHaveDatedSums({ table, match }: StagedText): boolean {
  return table === 'orders' && 'order_id' in match && 'order_date' in match;
}

function lacksDateOrName({ table, match }: StagedText): string {
  const isNoDate = 'coalesce(ascii(order_date) not between 48 and 57, true)';
  const summed = SUMMED[table].filter((field) => field in match);
  return [isNoDate, ...summed.map(emptySql)].join(' or ');
}

function emptySql(cell: string): string {
  return `coalesce(${cell} <= ' ', true)`;
}
