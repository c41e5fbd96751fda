import { seededRandom } from '../../src/dataset/seeded-random.ts';
import { addDays } from '../../src/features/calendar-day.ts';

export const REPETITIVE_FIRST_DAY = '2024-01-01';

/** Few customers and products, so that pairs are bought again, several times in an order and several times a day. */
export function makeRepetitiveShop(seed: number) {
  const random = seededRandom(seed);
  const below = (most: number) => Math.floor(random() * most);
  const orders = Array.from({ length: 120 }, (_, order) => ({
    order_id: `O${order}`,
    customer_id: 1 + below(6),
    order_date: `${addDays(REPETITIVE_FIRST_DAY, below(60))} ${String(below(24)).padStart(2, '0')}:00:00`,
    total_amount: 10,
  }));
  const orderItems = orders.flatMap(({ order_id }) =>
    Array.from({ length: 1 + below(4) }, (_, line) => {
      const [quantity, price] = [1 + below(3), 1 + below(900) / 100];
      return {
        order_item_id: `${order_id}-${line}`,
        order_id,
        product_id: 1 + below(5),
        quantity,
        unit_price: price,
        line_total: Number((quantity * price).toFixed(2)),
      };
    }),
  );
  return { orders, orderItems };
}
