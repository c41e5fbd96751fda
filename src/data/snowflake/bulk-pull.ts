/** Large results as Parquet files by way of the user's stage: a driver's rows would take many times as long. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnTable } from '../data-source.ts';
import { ChunkedColumnTable } from '../duckdb/column-reader.ts';
import { openEngine, withConnection } from '../duckdb/duckdb-engine.ts';
import { quoteIdentifier, quoteLiteral } from '../duckdb/sql-quoting.ts';
import { loadSql } from '../load-sql.ts';
import { unreachable } from './snowflake-errors.ts';
import { TransferredFiles } from './transferred-files.ts';
import type { RowSink } from './warehouse-session.ts';

/** The end of a statement: files come in no order, so it has to be made again. */
const FINAL_ORDER = /\border by ([a-z_., ]+?)\s*\)?\s*$/i;

/** Sends a statement in the session that has the table. */
export type Send = (text: string, sink: RowSink) => Promise<void>;

/** The columns that a statement's rows are in order of, or undefined where they cannot be told. */
export function finalOrder(text: string): readonly string[] | undefined {
  const [, columns] = FINAL_ORDER.exec(text) ?? [];
  return columns?.split(',').map((column) => column.trim().replace(/^.*\./, ''));
}

/**
 * Pulls a table of the session: unloaded to the stage, fetched into a folder that nobody else can read, and read there
 * in order. Neither the stage nor the folder keeps anything, however it ends.
 *
 * @throws SNOWFLAKE_UNREACHABLE where a file did not come whole
 */
export async function pullTable(
  table: string,
  order: readonly string[],
  send: Send,
  drop: RowSink,
  signal: AbortSignal | undefined,
): Promise<ColumnTable> {
  const stage = `@~/churn_mcp/${randomBytes(12).toString('hex')}/`;
  const folder = await mkdtemp(join(tmpdir(), 'churn-mcp-pull-'));
  try {
    await send(statementOf('unload_table', { stage, table }), drop);
    const transferred = new TransferredFiles();
    await send(`get ${stage} ${quoteLiteral(`file://${folder}/`)}`, transferred);
    if (transferred.failed) throw unreachable();
    return await readFiles(folder, order, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await send(`remove ${stage}`, drop).catch(() => undefined);
  }
}

async function readFiles(
  folder: string,
  order: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ColumnTable> {
  const instance = await openEngine(':memory:', { readOnly: false, spillFolder: join(folder, 'spill') });
  try {
    return await withConnection(instance, signal, async (connection) => {
      const source = `read_parquet(${quoteLiteral(join(folder, '*.parquet'))})`;
      const described = await connection.runAndReadAll(`describe select * from ${source}`);
      const columns = described.getRows().map(([name, type]) => columnOf(String(name), String(type)));
      const ordered = order.map(quoteIdentifier).join(', ');
      const result = await connection.run(`select ${columns.join(', ')} from ${source} order by ${ordered}`);
      return new ChunkedColumnTable(result.columnNames(), await result.fetchAllChunks());
    });
  } catch (error) {
    throw unreachable(error);
  } finally {
    instance.closeSync();
  }
}

/** In lower case, as everywhere; whole numbers come as decimals of 38 digits. */
function columnOf(name: string, type: string): string {
  const column = quoteIdentifier(name);
  const isWhole = /^DECIMAL\(\d+,0\)$/.test(type);
  return `${isWhole ? `cast(${column} as bigint)` : column} as ${quoteIdentifier(name.toLowerCase())}`;
}

function statementOf(name: string, blanks: Readonly<Record<string, string>>): string {
  return loadSql(`snowflake/${name}`).replaceAll(/\bblank_(\w+)/g, (_, blank: string) => blanks[blank] ?? '');
}
