import { describe, expect, it } from 'vitest';
import { keepTable, readKeptTable } from '../../src/data/kept-table.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

const ROUNDS = 15;
const ORDERS = [{ order_id: 'o1', customer_id: 'c1', order_date: '2026-01-01', total_amount: 1 }];

describe('a kept table', () => {
  it('is whole or not there while another process keeps that of another version', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const keptOf = (version: string) => ({ folder: 'scores', version, data: shop.data });
    const versions = ['v_20260101_000000', 'v_20260101_000001'];
    const writeAll = async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await keepTable(shop.home, keptOf(versions[round % 2]), [{ name: 'n', values: Int32Array.of(7) }]);
      }
    };
    const found = new Set<number | undefined>();
    let isDone = false;
    const readAll = async () => {
      while (!isDone) found.add((await readKeptTable(shop.home, keptOf(versions[0])))?.float64('n')[0]);
    };
    const reading = readAll();
    await writeAll().finally(() => {
      isDone = true;
    });
    await reading;
    expect(found).toContain(7);
    expect([...found].filter((value) => value !== 7 && value !== undefined)).toEqual([]);
  });
});
