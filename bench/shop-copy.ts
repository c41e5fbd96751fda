/**
 * DuckDB's own copy of a shop's four files into the tables of a new database: what an import is measured beside. Text files
 * are read as the engine understands them by itself.
 *
 * Arguments: the files' ending, `parquet` or `csv.gz`; their folder; the database to write; the number of threads; the tables.
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [ending = 'parquet', folder = '', database = '', threads = '1', ...tables] = process.argv.slice(2);
const reader = ending === 'parquet' ? 'read_parquet' : 'read_csv';
const instance = await DuckDBInstance.create(database, { threads });
const connection = await instance.connect();
for (const table of tables) {
  const file = join(folder, `${table}.${ending}`);
  await connection.run(`create table ${table} as select * from ${reader}($1)`, [file]);
}
await connection.run('checkpoint');
connection.closeSync();
instance.closeSync();
