/** Fetches large results as Parquet files through the user's stage, many times faster than as rows of the driver. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { ColumnTable } from '../../data/data-source.ts';
import { columnTableOf } from '../../data/duckdb/column-reader.ts';
import { openEngine, withConnection } from '../../data/duckdb/duckdb-engine.ts';
import { quoteIdentifier, quoteLiteral } from '../../data/duckdb/sql-quoting.ts';
import { loadSql } from '../../data/load-sql.ts';
import { withTemporaryFolder } from '../../files/temporary-folder.ts';
import { fillBlanks } from '../blanks.ts';
import { CollectedColumns } from '../session/collected-columns.ts';
import { CollectedRows } from '../session/collected-rows.ts';
import type { RowSink } from '../session/row-sink.ts';
import { isRefusal, unreachable } from '../session/snowflake-errors.ts';
import { TransferredFiles } from '../session/transferred-files.ts';
import { localFile } from '../statement-text.ts';

/** The order by at the end of a statement: files are unordered, so the rows have to be sorted again. */
const FINAL_ORDER = /\border by ([a-z_., ]+?)\s*\)?\s*$/i;

const unloadedSchema = z.object({ rows_unloaded: z.coerce.number() });

/** Sends a statement in the session that has the table. */
export type Send = (text: string, sink: RowSink) => Promise<void>;

/** The columns by which a statement orders its rows, or undefined if they are not clear. */
export function finalOrder(text: string): readonly string[] | undefined {
  const [, columns] = FINAL_ORDER.exec(text) ?? [];
  return columns?.split(',').map((column) => column.trim().replace(/^.*\./, ''));
}

/**
 * Pulls a table of the session: unloaded to the stage, fetched into a private folder, and read there
 * in order. Stage and folder are emptied in every case.
 *
 * @throws SNOWFLAKE_UNREACHABLE if a file did not arrive whole
 */
export async function pullTable(
  table: string,
  order: readonly string[],
  send: Send,
  signal: AbortSignal | undefined,
): Promise<ColumnTable> {
  const stage = `@~/churn_mcp/${randomBytes(12).toString('hex')}/`;
  try {
    const unloaded = await unload(table, stage, send).catch((error: unknown) => {
      if (isRefusal(error)) return undefined;
      throw error;
    });
    // An account may forbid to unload to stages of its own. Without rows there is no file that would give the columns.
    if (unloaded === undefined || unloaded === 0) return await readRows(table, order, send);
    const found = await withTemporaryFolder(async (folder) => {
      const transferred = new TransferredFiles();
      await send(`get ${stage} ${localFile(`${folder}/`)}`, transferred);
      if (transferred.failed) throw unreachable();
      return readFiles(folder, order, signal);
    });
    if (found.rowCount !== unloaded) {
      throw unreachable(new Error(`${found.rowCount} of ${unloaded} rows came`));
    }
    return found;
  } finally {
    await send(`remove ${stage}`, new CollectedRows()).catch(() => undefined);
  }
}

/** @returns how many rows there are in all of its files */
async function unload(table: string, stage: string, send: Send): Promise<number> {
  const told = new CollectedRows();
  await send(fillBlanks(loadSql('snowflake/unload_table'), { stage, table }), told);
  return unloadedSchema.parse(told.rows[0]).rows_unloaded;
}

async function readRows(table: string, order: readonly string[], send: Send): Promise<ColumnTable> {
  const columns = new CollectedColumns();
  await send(`select * from ${table} order by ${order.join(', ')}`, columns);
  return columns.finished();
}

async function readFiles(
  folder: string,
  order: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ColumnTable> {
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: folder });
  try {
    return await withConnection(instance, signal, async (connection) => {
      const source = `read_parquet(${quoteLiteral(join(folder, '*.parquet'))})`;
      const described = await connection.runAndReadAll(`describe select * from ${source}`);
      const columns = described.getRows().map(([name, type]) => columnOf(String(name), String(type)));
      const ordered = order.map(quoteIdentifier).join(', ');
      const result = await connection.run(`select ${columns.join(', ')} from ${source} order by ${ordered}`);
      return columnTableOf(result.columnNames(), await result.fetchAllChunks());
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
