import { z } from 'zod';
import type { DataSource } from '../data/data-source.ts';
import { LOG_POSITION } from '../data/import/kept-log.ts';

const tableSchema = z.object({ table_name: z.string() });
const positionSchema = z.object({ frame: z.number() });

/** The last frame of the log that an open snapshot holds; undefined if nothing was ever folded into it. */
export async function foldedPosition(data: DataSource): Promise<number | undefined> {
  const tables = await data.rows({ file: 'duckdb/snapshot/log_tables', values: [] }, tableSchema);
  if (!tables.some(({ table_name }) => table_name === LOG_POSITION)) return undefined;
  const [position] = await data.rows({ file: 'duckdb/snapshot/log_position', values: [] }, positionSchema);
  return position?.frame;
}
