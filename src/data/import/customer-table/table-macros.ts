import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import { DAY_FIRST, type DateFormat, MONTH_FIRST, UNMISTAKABLE, YEAR_FIRST } from '../values/date-format.ts';
import { readDateSql } from '../values/date-sql.ts';
import { NUMBER_MACROS } from '../values/number-macros.ts';

const MACROS = [
  'duckdb/import/macro_month_number',
  'duckdb/import/macro_plain_clock',
  'duckdb/import/macro_wall_time',
  ...NUMBER_MACROS,
  'duckdb/import/macro_summary_words',
  'duckdb/import/macro_says_summary',
  'duckdb/table/macro_number',
  'duckdb/table/macro_comma_number',
  'duckdb/table/macro_missing',
] as const;

/** The macros by which cells of a customer table become values; `feature-table/table-cells.ts` calls them. */
export async function createTableMacros(connection: DuckDBConnection): Promise<void> {
  await connection.run("set time zone 'UTC'");
  for (const macro of MACROS) await connection.run(loadSql(macro));
  const readings: readonly [name: string, formats: readonly DateFormat[]][] = [
    ['day_of', UNMISTAKABLE],
    ['day_first_of', [...UNMISTAKABLE, ...DAY_FIRST]],
    ['month_first_of', [...UNMISTAKABLE, ...MONTH_FIRST]],
    ['year_first_of', [...UNMISTAKABLE, ...YEAR_FIRST]],
  ];
  for (const [name, formats] of readings) {
    const read = readDateSql({ formats, hasZones: true, toUtc: false });
    await connection.run(`create temp macro ${name}(t) as cast(${read} as date)`);
  }
}
