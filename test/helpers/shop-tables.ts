import { z } from 'zod';
import { openDataHome } from '../../src/data/data-home.ts';

/** All rows that answers are made of, as text, by table. */
export async function shopIn(home: string): Promise<Record<string, string[]>> {
  await using provider = openDataHome(home);
  const data = await provider.current();
  const tables = await data.rows(
    {
      text: "select schema_name || '.' || table_name as name from duckdb_tables() where schema_name in ('raw', 'interactive') order by name",
      values: [],
    },
    z.object({ name: z.string() }),
  );
  const shop: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await data.rows(
      { text: `select cast(t as varchar) as text from ${name} as t order by text`, values: [] },
      z.object({ text: z.string() }),
    );
    shop[name] = rows.map(({ text }) => text);
  }
  return shop;
}
