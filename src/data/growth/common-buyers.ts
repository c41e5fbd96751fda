import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { createTemporary } from '../import/log-rows.ts';

/** Keeps what observed customers owned, before the table is built anew. */
export async function rememberBaskets(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'create temp table baskets_before as select * from whole.interactive.observed_baskets',
  );
}

/** Makes the numbers of common buyers follow the baskets that differ from those before. */
export async function changeCommonBuyers(connection: DuckDBConnection): Promise<void> {
  await createTemporary(connection, 'changed_common_buyers', 'duckdb/refresh/changed_common_buyers');
  await createTemporary(connection, 'common_buyers_now', 'duckdb/refresh/common_buyers_now');
  await connection.run(`
    delete from whole.interactive.common_buyers as t
    where exists (
      select 1 from changed_common_buyers as c where c.product_id = t.product_id and c.neighbor_id = t.neighbor_id
    )`);
  await connection.run(
    'insert into whole.interactive.common_buyers by name select * from common_buyers_now order by all',
  );
}
