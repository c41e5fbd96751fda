import { addDays } from '../../src/features/calendar-day.ts';
import { seededRandom } from './random-trees.ts';
import type { TestShop } from './snapshot.ts';

export interface LeavingCustomersOptions {
  readonly customers?: number;
  /** Days from the first to the last possible order. */
  readonly days?: number;
}

export const FIRST_DAY = '2025-01-01';

/** A shop whose customers order at rates of their own and leave for good after some order: churn can be learnt. */
export function leavingCustomers({ customers = 300, days = 400 }: LeavingCustomersOptions = {}): TestShop {
  const random = seededRandom(7);
  const orders: TestShop['orders'][number][] = [];
  for (let customer = 1; customer <= customers; customer++) {
    const meanGap = 5 + 40 * random();
    let day = customer === 1 ? 0 : Math.floor(random() * days * 0.6);
    do {
      orders.push({
        order_id: `${orders.length}`,
        customer_id: customer,
        order_date: `${addDays(FIRST_DAY, day)} 12:00:00`,
        total_amount: Math.round(1000 + 9000 * random()) / 100,
      });
      day += 1 + Math.floor(-meanGap * Math.log(1 - random()));
    } while (day < days && random() > 0.12);
  }
  return { orders };
}
