/** A generated shop like a grocery: weekly baskets of staples that each household buys again and again, and some new ones. */
import { seededRandom } from '../../src/dataset/seeded-random.ts';
import { addDays } from '../../src/features/calendar-day.ts';
import { likedProducts } from './liked-products.ts';

export interface GroceryOptions {
  readonly customers: number;
  readonly products: number;
  readonly days: number;
  readonly seed: number;
}

const FIRST_DAY = '2024-01-01';
const CATEGORIES = 20;
const STAPLES = 30;

/** The files of an import: one line per order, one per order line. */
export function groceryFiles({ customers, products, days, seed }: GroceryOptions) {
  const random = seededRandom(seed);
  const orders = ['order_id,customer_id,order_date,total_amount'];
  const items = ['order_id,product_id,product_name,product_category,quantity,unit_price,line_total'];
  for (let customer = 1; customer <= customers; customer++) {
    const drawLiked = likedProducts(random, { products, kinds: CATEGORIES });
    const staples = Array.from({ length: STAPLES }, () => ({ product: drawLiked(), chance: random() ** 2 }));
    const gap = 3 + 25 * random() ** 2;
    const leaves = random() < 0.3 ? random() * days : days;
    for (let day = random() * gap * 2; day < leaves; day += gap * (0.5 + random())) {
      const basket = new Set(staples.filter(({ chance }) => random() < chance).map(({ product }) => product));
      for (let fresh = Math.floor(random() * 4); fresh > 0 || basket.size === 0; fresh--)
        basket.add(drawLiked());
      const id = `${customer}-${Math.floor(day)}`;
      orders.push(`${id},${customer},${addDays(FIRST_DAY, Math.floor(day))},${basket.size * 3}`);
      for (const product of basket) {
        items.push(`${id},${product + 1},Item ${product + 1},Aisle ${product % CATEGORIES},1,3,3`);
      }
    }
  }
  return { orders: `${orders.join('\n')}\n`, orderItems: `${items.join('\n')}\n` };
}
