import { z } from 'zod';
import type { SqlValue } from '../data-source.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { quoteLiteral } from '../duckdb/sql-quoting.ts';
import { loadSql } from '../load-sql.ts';
import type { SqlFile } from '../sql-file.ts';
import { LOG_POSITION } from './kept-log.ts';

/** New rows of one kind, and the name of what tells them apart. */
export interface LogRows {
  readonly kind: string;
  readonly key: string;
  readonly fields: readonly string[];
  /** One JSON object per line; undefined if there is no new row. */
  readonly file: string | undefined;
  /** Whether the previous snapshot holds rows of the kind. */
  readonly isInEarlier: boolean;
}

/** The latest new row of each key, as `log_new_<kind>`, and the rows of the previous snapshot, as `log_earlier_<kind>`. */
export async function readLogRows(
  connection: DuckDBConnection,
  { kind, key, fields: names, file, isInEarlier }: LogRows,
): Promise<void> {
  const nothing = `select ${names.map((name) => `cast(null as varchar) as ${name}`).join(', ')} where false`;
  const columns = names.map((name) => `${name}: 'VARCHAR'`).join(', ');
  const rows =
    file === undefined
      ? nothing
      : `select * replace (trim(${key}) as ${key}), row_number() over () as arrived
          from read_json(${quoteLiteral(file)}, format = 'newline_delimited', columns = {${columns}},
            ignore_errors = true, maximum_object_size = 4194304)`;
  const latest =
    file === undefined
      ? rows
      : `select * exclude (arrived) from (${rows}) where ${key} <> ''
          qualify row_number() over (partition by ${key} order by arrived desc) = 1`;
  await connection.run(`create temp table log_new_${kind} as ${latest}`);
  const earlier = isInEarlier ? `select * from earlier.ingest.${kind}` : nothing;
  await connection.run(`create temp view log_earlier_${kind} as ${earlier}`);
}

/** The latest row of each key, of those that were there and those that are new, as `ingest.<kind>`. */
export async function mergeLogRows(
  connection: DuckDBConnection,
  { kind, key }: Pick<LogRows, 'kind' | 'key'>,
): Promise<void> {
  await connection.run(
    `create table ingest.${kind} as
      select * from log_new_${kind}
      union all by name
      select * from log_earlier_${kind} where ${key} not in (select ${key} from log_new_${kind})
      order by ${key}`,
  );
}

/** Keeps the rows of a statement for as long as the snapshot is being built. */
export async function createTemporary(
  connection: DuckDBConnection,
  name: string,
  statement: SqlFile,
  values: SqlValue[] = [],
): Promise<void> {
  await connection.run(`create temp table ${name} as ${loadSql(statement)}`, values);
}

/** The touched orders that only an import knows, as `log_known_orders`. */
export async function createKnownOrders(connection: DuckDBConnection, hasEarlier: boolean): Promise<void> {
  if (hasEarlier) return await createTemporary(connection, 'log_known_orders', 'duckdb/refresh/known_orders');
  await connection.run(
    'create temp table log_known_orders (order_id varchar, customer_id varchar, order_date timestamp)',
  );
}

/** Notes in the snapshot that is being built up to where the log is folded into it. */
export async function writeLogPosition(
  connection: DuckDBConnection,
  frame: number,
  today: string,
): Promise<void> {
  await connection.run(
    `create table ingest.${LOG_POSITION} as select cast(? as bigint) as frame, cast(? as date) as refreshed_on`,
    [BigInt(frame), today],
  );
}

export interface CopiedTable {
  readonly table: string;
  /** In the order of the file; those in which no row has a value are left out. */
  readonly columns: readonly string[];
  /** These are in the file in any case. */
  readonly needed: readonly string[];
  readonly file: string;
}

/** Copies a table to a Parquet file. @returns whether it has any row */
export async function copyToParquet(
  connection: DuckDBConnection,
  { table, columns, needed, file }: CopiedTable,
): Promise<boolean> {
  const counts = columns.map((name) => `count(${name}) as ${name}`).join(', ');
  const result = await connection.runAndReadAll(`select count(*) as all_rows, ${counts} from ${table}`);
  const counted = countsSchema.parse(result.getRowObjectsJson()[0] ?? {});
  const filled = columns.filter((name) => needed.includes(name) || (counted[name] ?? 0) > 0);
  await connection.run(
    `copy (select ${filled.join(', ')} from ${table}) to ${quoteLiteral(file)} (format parquet)`,
  );
  return counted.all_rows !== 0;
}

const countsSchema = z.record(z.string(), z.coerce.number());
