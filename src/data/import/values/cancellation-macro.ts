import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { readRow } from '../staging/relations.ts';

const withCSchema = z.object({ any_with_c: z.boolean() });
const cancellationSchema = z.object({ plain_ids: z.coerce.number(), c_ids: z.coerce.number() });

/** `C536379` beside `536379` is a cancellation, as tills write it; if all ids begin with a C, it is just an id. */
export async function createCancellationMacro(connection: DuckDBConnection): Promise<void> {
  const test = (await hasCancellations(connection)) ? "regexp_full_match(t, '[Cc]\\d+')" : 'false';
  await connection.run(`create temp macro is_cancellation(t) as ${test}`);
}

async function hasCancellations(connection: DuckDBConnection): Promise<boolean> {
  const withC = await readRow(connection, 'duckdb/import/order_ids_with_c');
  if (!withCSchema.parse(withC).any_with_c) return false;
  const counts = await readRow(connection, 'duckdb/import/cancellation_ids');
  const { plain_ids, c_ids } = cancellationSchema.parse(counts);
  return plain_ids > c_ids;
}
