/** A generated shop with two busy times a year, around New Year and around the beginning of July. */
import { seededRandom } from '../../src/dataset/seeded-random.ts';
import { addDays } from '../../src/features/calendar-day.ts';
import type { GroceryOptions } from './grocery-shop.ts';
import { likedProducts } from './liked-products.ts';

const FIRST_DAY = '2022-01-01';
const KINDS = 12;
const STAPLES = 8;
const YEAR = 365.25;
/** How much faster customers order at the height of a busy time, and slower between two. */
const SWING = 0.6;
const LEAVE = 0.07;

/** The files of an import: one line per order, one per order line. */
export function twoSeasonFiles({ customers, products, days, seed }: GroceryOptions) {
  const random = seededRandom(seed);
  const orders = ['order_id,customer_id,order_date,total_amount'];
  const items = ['order_id,product_id,product_name,product_category,quantity,unit_price,line_total'];
  const clock = seasonalClock(days);
  for (let customer = 1; customer <= customers; customer++) {
    const drawLiked = likedProducts(random, { products, kinds: KINDS });
    const staples = Array.from({ length: STAPLES }, () => ({ product: drawLiked(), chance: 0.6 * random() }));
    const gap = 10 + 110 * random() ** 1.5;
    let time = clock[Math.floor(random() < 0.35 ? random() * 60 : random() * days)];
    for (let order = 0; ; order++) {
      const day = clock.findLastIndex((begins) => begins <= time);
      if (day >= days) break;
      const basket = new Set(staples.filter(({ chance }) => random() < chance).map(({ product }) => product));
      for (let fresh = 1 + Math.floor(random() * 3); fresh > 0; fresh--) basket.add(drawLiked());
      const id = `${customer}-${order}`;
      orders.push(`${id},${customer},${addDays(FIRST_DAY, day)},${basket.size * 5}`);
      for (const product of basket) {
        items.push(`${id},${product + 1},Item ${product + 1},Kind ${product % KINDS},1,5,5`);
      }
      if (random() < LEAVE) break;
      time -= gap * Math.log(1 - random());
    }
  }
  return { orders: `${orders.join('\n')}\n`, orderItems: `${items.join('\n')}\n` };
}

/** The time at which each day begins, in days of average season: a busy day lasts longer. */
function seasonalClock(days: number): number[] {
  const begins = [0];
  for (let day = 0; day < days; day++) {
    begins.push(begins[day] + 1 + SWING * Math.cos((4 * Math.PI * day) / YEAR));
  }
  return begins;
}
