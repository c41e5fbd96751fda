import { seededRandom } from '../../src/dataset/seeded-random.ts';
import { dayNumber, isoDay } from '../../src/features/calendar-day.ts';
import type { ShopLaw, ShopSegment } from './shop-laws.ts';

export interface GeneratedOrder {
  readonly order_id: string;
  readonly customer_id: number;
  readonly order_date: string;
  readonly total_amount: number;
}

/** How far order totals differ between customers, and between the orders of one: deviations of their logarithms. */
const SPREAD_BETWEEN = 0.7;
const SPREAD_WITHIN = 0.4;

/** The orders of a shop by its law; the same law gives the same orders. */
export function generateOrders(law: ShopLaw): GeneratedOrder[] {
  const random = seededRandom(law.seed);
  const first = dayNumber(law.firstDay);
  const firstKept = isoDay(first + law.forgottenDays);
  const clock = seasonalClock(law, first);
  const orders: GeneratedOrder[] = [];
  for (let customer = 1; customer <= law.customers; customer++) {
    const segment = drawSegment(law.segments, random());
    const rate = (drawGamma(segment.rateShape, random) / segment.rateShape) * segment.meanRate;
    const dropout = random() < law.oneOffShare ? 1 : drawBeta(segment.dropoutA, segment.dropoutB, random);
    const usualTotal = segment.total * Math.exp(SPREAD_BETWEEN * drawNormal(random));
    let time = clock.timeAt(joiningDay(law, customer, random));
    while (time < clock.end) {
      orders.push({
        order_id: `${orders.length}`,
        customer_id: customer,
        order_date: `${isoDay(first + clock.dayAt(time))} 12:00:00`,
        total_amount: Math.round(100 * usualTotal * Math.exp(SPREAD_WITHIN * drawNormal(random))) / 100,
      });
      if (random() < dropout) break;
      time += -Math.log(1 - random()) / rate;
    }
  }
  return orders.filter(({ order_date: date }) => date >= firstKept);
}

/** Time in which customers order at a constant rate: a day lasts as long as its season is fast. */
function seasonalClock(law: ShopLaw, first: number) {
  const starts = [0];
  for (let day = 0; day < law.days; day++) starts.push(starts[day] + law.seasonOf(first + day));
  return {
    end: starts[law.days],
    timeAt: (day: number) => starts[Math.floor(day)] + (day % 1) * law.seasonOf(first + Math.floor(day)),
    dayAt(time: number): number {
      let [low, high] = [0, law.days - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= time) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** The first customer joins on the first day, so that the history begins where the law says. */
function joiningDay(
  { launchDays, launchShare, days }: ShopLaw,
  customer: number,
  random: () => number,
): number {
  if (customer === 1) return 0;
  return random() < launchShare ? random() * launchDays : launchDays + random() * (days - launchDays);
}

function drawSegment(segments: readonly ShopSegment[], draw: number): ShopSegment {
  let below = 0;
  for (const segment of segments) {
    below += segment.share;
    if (draw < below) return segment;
  }
  return segments[segments.length - 1];
}

function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia and Tsang (2000), for shapes of at least 1; below it the usual power of a uniform. */
function drawGamma(shape: number, random: () => number): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

function drawBeta(a: number, b: number, random: () => number): number {
  const [x, y] = [drawGamma(a, random), drawGamma(b, random)];
  return x / (x + y);
}
