import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ASIDE_NAME } from '../../src/files/aside.ts';
import { createServices } from '../../src/server/create-services.ts';
import { newTestHome } from '../helpers/snapshot.ts';

it('pasted rows lie in the home under a name that the next import removes if this one is killed', async () => {
  const home = await newTestHome();
  const data = join(home, 'data');
  await using services = createServices({ home });
  const asides = () => readdirSync(data).filter((name) => ASIDE_NAME.test(name));
  const seen = new Set<string>();
  const { signal } = new AbortController();
  const jobs = { find: never, cancel: never, list: () => [] };
  const call = { signal, progress: () => undefined, mayTrain: false, jobs, ask: never };
  const csv = 'order_id,customer_id,order_date,total_amount\n1,1,2026-01-01,5\n2,2,2026-01-02,6\n';
  await services.context(call).data.importShop(
    { pasted: { table: 'orders', csv }, dryRun: false },
    {
      signal,
      onProgress: () => {
        for (const name of asides()) if (existsSync(join(data, name, 'pasted.csv'))) seen.add(name);
      },
    },
  );
  expect(seen.size).toBe(1);
  expect(asides()).toEqual([]);
});

const never = () => Promise.reject(new Error('the test does not expect this'));
