/** Run in a process of its own by the tests: imports the file again and again, or reads the current data. */
import { z } from 'zod';
import { openDataHome } from '../../../src/data/data-home.ts';
import { importShop } from '../../../src/data/import/import-shop.ts';

const [, , task = '', home = '', file = '', times = '1'] = process.argv;

if (task === 'import') {
  for (let time = 0; time < Number(times); time++) {
    await importShop(
      { orders: file },
      { home, onProgress: ({ phase }) => process.stdout.write(`${phase}\n`) },
    );
  }
} else {
  // Each round is one call of a long-lived server: whole states only, so counts and summary must agree.
  const provider = openDataHome(home);
  const counts = z.object({ orders: z.number(), pairs: z.number() });
  const query = {
    text: 'select (select count(*) from raw.orders) as orders, (select sum(total_orders) from interactive.customer_segments) as pairs',
    values: [],
  };
  const seen = new Set<number>();
  for (const end = Date.now() + Number(times); Date.now() < end; ) {
    const data = await provider.current();
    const [row] = await data.rows(query, counts);
    const { orders } = await data.summary();
    if (row?.orders !== orders || row.pairs !== orders) throw new Error('half a state was seen');
    seen.add(orders);
  }
  await provider[Symbol.asyncDispose]();
  process.stdout.write(`saw ${[...seen].join(' ')}\n`);
}
