import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ASIDE_NAME } from '../../src/files/aside.ts';
import { createServices } from '../../src/server/create-services.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const never = () => Promise.reject(new Error('the test does not expect this'));
const { signal } = new AbortController();
const call = {
  signal,
  progress: () => undefined,
  mayTrain: false,
  jobs: { find: never, cancel: never, list: () => [] },
  ask: never,
};

it('imports run one after the other, at most ten wait, and the others are refused', async () => {
  await using services = createServices({ home: await newTestHome() });
  const paste = (customer: number) => {
    const csv = `order_id,customer_id,order_date,total_amount\n1,${customer},2026-01-01,5\n2,2,2026-01-02,6\n`;
    return { pasted: { table: 'orders', csv }, dryRun: false } as const;
  };
  /** Whose import spoke, whenever it was another one than before. */
  const turns: number[] = [];
  const importing = Array.from({ length: 13 }, async (_, customer) => {
    const onProgress = () => {
      if (turns.at(-1) !== customer) turns.push(customer);
    };
    const { signal: own } = new AbortController();
    await services
      .context({ ...call, signal: own })
      .data.importShop(paste(customer), { signal: own, onProgress });
  });
  const outcomes = await Promise.allSettled(importing);
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toEqual([
    expect.objectContaining({ reason: expect.objectContaining({ code: 'TOO_MANY_CALLS' }) }),
    expect.objectContaining({ reason: expect.objectContaining({ code: 'TOO_MANY_CALLS' }) }),
  ]);
  expect(turns).toHaveLength(11);
  expect(new Set(turns).size).toBe(11);
});

it('pasted rows lie in the home under a name that the next import removes if this one is killed', async () => {
  const home = await newTestHome();
  const data = join(home, 'data');
  await using services = createServices({ home });
  const asides = () => readdirSync(data).filter((name) => ASIDE_NAME.test(name));
  const seen = new Set<string>();
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
