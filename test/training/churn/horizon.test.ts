import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/features/calendar-day.ts';
import { chooseHorizon } from '../../../src/training/churn/horizon.ts';
import { makeSnapshot } from '../../helpers/snapshot.ts';

/** Customers who order every `gap` days, one each, over `days`. */
async function horizonOf(gaps: readonly number[], days: number) {
  const orders = gaps.flatMap((gap, customer) =>
    Array.from({ length: Math.floor(days / gap) + 1 }, (_, i) => ({
      order_id: `${customer}-${i}`,
      customer_id: customer + 1,
      order_date: `${addDays('2025-01-01', i * gap)} 12:00:00`,
      total_amount: 10,
    })),
  );
  await using shop = await makeSnapshot({ orders });
  const { firstOrderDate, lastOrderDate } = shop.summary;
  return await chooseHorizon(shop.data, { asOf: lastOrderDate, firstOrderDate });
}

describe('the horizon if the caller names none', () => {
  it('is the planning period nearest to the days within which four of five customers come back', async () => {
    expect(await horizonOf([5, 7, 9], 700)).toEqual({ days: 14, orderGaps: { share: 0.8, days: 9 } });
    expect(await horizonOf([30, 40], 700)).toEqual({ days: 30, orderGaps: { share: 0.8, days: 40 } });
    expect(await horizonOf([60, 120], 700)).toEqual({ days: 90, orderGaps: { share: 0.8, days: 120 } });
  });

  it('fits into the history twice', async () => {
    expect(await horizonOf([60, 120], 240)).toMatchObject({ days: 90 });
    expect(await horizonOf([60, 120], 180)).toMatchObject({ days: 30 });
  });

  it('is half a year if nobody came back within the first of two years, and 80% do so within a year and a half', async () => {
    // Each customer joins on a day of the first year, and comes back once, 500 days later.
    const gaps = Array.from({ length: 300 }, (_, customer) => [customer, customer + 500]);
    await using shop = await makeSnapshot({
      orders: gaps.flatMap((days, customer) =>
        days.map((day) => ({
          order_id: `${customer}-${day}`,
          customer_id: customer + 1,
          order_date: `${addDays('2025-01-01', day)} 12:00:00`,
          total_amount: 10,
        })),
      ),
    });
    const { firstOrderDate, lastOrderDate } = shop.summary;
    expect(await chooseHorizon(shop.data, { asOf: lastOrderDate, firstOrderDate })).toEqual({
      days: 180,
      orderGaps: { share: 0.8, days: 500 },
    });
  });

  it('is a quarter if no customer has come back', async () => {
    expect(await horizonOf([900, 901], 400)).toEqual({ days: 14 });
  });
});
