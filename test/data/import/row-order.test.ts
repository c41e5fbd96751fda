import { expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../src/data/data-home.ts';
import { SERVING_TABLES } from '../../../src/data/serving-tables.ts';
import { SHOP_TABLE_NAMES } from '../../../src/data/shop-tables.ts';
import { importText } from '../../helpers/import.ts';
import { type Draw, drawFrom } from '../../helpers/random-shop.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const ORDERS_HEAD = 'order_id,customer_id,order_date,total_amount';
const LINES_HEAD = 'order_item_id,order_id,product_id,product_name,quantity,unit_price';

/** Orders of one to four lines each, of 60 customers over a year. */
function randomRows(draw: Draw): { orders: string[]; lines: string[] } {
  const orders: string[] = [];
  const lines: string[] = [];
  for (let order = 0; order < 400; order++) {
    const day = new Date(Date.UTC(2025, 6, 1 + draw.number(0, 364))).toISOString().slice(0, 10);
    let total = 0;
    const lineCount = draw.number(1, 4);
    for (let line = 0; line < lineCount; line++) {
      const [product, pieces, cents] = [draw.number(1, 30), draw.number(1, 3), draw.number(100, 9999)];
      total += pieces * cents;
      lines.push(
        `${order * 10 + line},${order},${product},Thing ${product % 7},${pieces},${(cents / 100).toFixed(2)}`,
      );
    }
    orders.push(`${order},${draw.number(1, 60)},${day},${(total / 100).toFixed(2)}`);
  }
  return { orders, lines };
}

function shuffled(rows: readonly string[], draw: Draw): string[] {
  return rows
    .map((row) => ({ row, key: draw.number(0, 1e9) }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
}

/** Every table of a shop that is imported from these rows: the served ones as they lie, those of the shop as sets. */
async function tablesOf(
  orders: readonly string[],
  lines: readonly string[],
): Promise<Record<string, unknown>> {
  const { home } = await importText(
    { orders: [ORDERS_HEAD, ...orders].join('\n'), orderItems: [LINES_HEAD, ...lines].join('\n') },
    {},
    NOW,
  );
  await using provider = openDataHome(home);
  const data = await provider.current();
  const read = (text: string) => data.rows({ text, values: [] }, z.record(z.string(), z.unknown()));
  const tables: Record<string, unknown> = {};
  for (const { table } of SERVING_TABLES) tables[table] = await read(`select * from interactive.${table}`);
  for (const table of SHOP_TABLE_NAMES) tables[table] = await read(`select * from raw.${table} order by all`);
  return tables;
}

it('a shop whose rows stand in another order in its files gives the same tables', async () => {
  const draw = drawFrom(7);
  const { orders, lines } = randomRows(draw);
  const asWritten = await tablesOf(orders, lines);
  expect(asWritten.order_items).toHaveLength(lines.length);
  expect(await tablesOf(shuffled(orders, draw), shuffled(lines, draw))).toEqual(asWritten);
});
