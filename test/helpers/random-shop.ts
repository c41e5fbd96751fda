import { seededRandom } from '../../src/dataset/seeded-random.ts';

/** A shop that is known to the cent, before it is written in any format. Amounts are whole cents. */
export interface RandomShop {
  readonly orders: readonly RandomOrder[];
  /** What a right import says of it. */
  readonly truth: ShopTruth;
}

export interface ShopTruth {
  readonly orders: number;
  readonly customers: number;
  readonly revenueCents: number;
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface RandomOrder {
  readonly id: string;
  /** Undefined for a guest. */
  readonly customer: string | undefined;
  readonly time: Date;
  readonly lines: readonly RandomLine[];
  /** Whether its status says that it is sold. */
  readonly isSale: boolean;
  /** What was given back of it: how many pieces of which of its lines, and when. */
  readonly refunds: readonly { readonly line: number; readonly pieces: number; readonly time: Date }[];
}

export interface RandomLine {
  readonly product: string;
  readonly name: string;
  readonly pieces: number;
  readonly priceCents: number;
  /** What was taken off the line; 0 in shops that know no discounts. */
  readonly discountCents: number;
}

/** Draws from one seed, the same for the same seed. */
export interface Draw {
  number(least: number, most: number): number;
  oneOf<Item>(items: readonly Item[]): Item;
  chance(probability: number): boolean;
}

export function drawFrom(seed: number): Draw {
  const random = seededRandom(seed);
  const number = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return {
    number,
    oneOf: <Item>(items: readonly Item[]) => {
      const item = items[number(0, items.length - 1)];
      if (item === undefined) throw new Error('Nothing to draw from.');
      return item;
    },
    chance: (probability) => random() < probability,
  };
}

/** The clock of every import of a random shop. */
export const RANDOM_SHOP_NOW = new Date('2026-11-26T12:00:00Z');
const FIRST_DAY = Date.parse('2024-01-01T00:00:00Z');
const DAY = 86_400_000;

/** Whether the shop has guests, statuses, refunds and pre-orders is drawn once a shop, so that shops differ. */
export function randomShop(draw: Draw): RandomShop {
  const customers = customerIds(draw);
  const products = Array.from({ length: draw.number(2, 9) }, (_, at) => ({
    product: draw.chance(0.5) ? `P${at + 1}` : String(70_000 + at),
    name: `${draw.oneOf(['Tea cup', 'Candle', 'Soap "Rose"', 'Mug; large', 'Pen, blue', 'Étagère'])} ${at + 1}`,
    priceCents: draw.number(5, draw.oneOf([999, 99_999, 2_000_000])),
  }));
  const share = (of: number) => (draw.chance(0.5) ? 0 : of);
  const refunds = share(0.25);
  const shares = {
    guests: share(0.2),
    unsold: share(0.25),
    refunds,
    later: draw.chance(0.9) ? 0 : 0.04,
    // What is given back of a discounted line is a question of its own.
    discounts: refunds > 0 ? 0 : share(0.4),
    postage: draw.chance(0.7) ? 0 : 0.5,
  };
  const first = draw.number(1, 5000);
  const orders = Array.from({ length: draw.number(8, 60) }, (_, at): RandomOrder => {
    const time = orderTime(draw, shares.later);
    const lines = linesOf(draw, products, shares);
    const isSale = !draw.chance(shares.unsold);
    const customer = draw.chance(shares.guests) ? undefined : draw.oneOf(customers);
    const isGivenBack =
      isSale && customer !== undefined && time <= RANDOM_SHOP_NOW && draw.chance(shares.refunds);
    return {
      id: String(first + at),
      customer,
      time,
      lines,
      isSale,
      refunds: isGivenBack ? refundsOf(draw, lines, time) : [],
    };
  });
  return { orders, truth: truthOf(orders) };
}

export function lineCents({ pieces, priceCents, discountCents }: RandomLine): number {
  return pieces * priceCents - discountCents;
}

export function orderCents({ lines }: RandomOrder): number {
  return lines.reduce((sum, line) => sum + lineCents(line), 0);
}

export function refundCents({ lines, refunds }: RandomOrder): number {
  return refunds.reduce((sum, { line, pieces }) => sum + pieces * (lines[line]?.priceCents ?? 0), 0);
}

type RandomProduct = Pick<RandomLine, 'product' | 'name' | 'priceCents'>;

function linesOf(
  draw: Draw,
  products: readonly RandomProduct[],
  shares: { readonly discounts: number; readonly postage: number },
): RandomLine[] {
  const lines = Array.from({ length: draw.number(1, 4) }, () => {
    const line = { ...draw.oneOf(products), pieces: draw.number(1, 12) };
    const most = Math.floor((line.pieces * line.priceCents) / 2);
    return { ...line, discountCents: draw.chance(shares.discounts) ? draw.number(0, most) : 0 };
  });
  if (!draw.chance(shares.postage)) return lines;
  const name = draw.oneOf(['Shipping', 'Versandkosten', 'Frais de port']);
  return [
    ...lines,
    { product: 'SHIP', name, pieces: 1, priceCents: draw.oneOf([390, 495, 1000]), discountCents: 0 },
  ];
}

/** A shop's orders as two weekly files know them: the second has the orders that are new, and those that changed since. */
export interface Weeks {
  readonly first: readonly RandomOrder[];
  readonly second: readonly RandomOrder[];
}

/** Of the first week's orders some were written before their pieces, their status or a refund were as they are now. */
export function inWeeks({ orders }: RandomShop, draw: Draw): Weeks {
  const count = Math.ceil(orders.length * 0.7);
  const first: RandomOrder[] = [];
  const second: RandomOrder[] = [];
  for (const order of orders.slice(0, count)) {
    const before = draw.chance(0.2) ? earlierForm(order, draw) : order;
    first.push(before);
    if (before !== order) second.push(order);
  }
  return { first, second: [...second, ...orders.slice(count)] };
}

function earlierForm(order: RandomOrder, draw: Draw): RandomOrder {
  const [line, ...others] = order.lines;
  if (order.refunds.length > 0) return { ...order, refunds: [] };
  if (line === undefined || draw.chance(0.4)) return { ...order, isSale: !order.isSale };
  return { ...order, lines: [{ ...line, pieces: line.pieces + 1 }, ...others] };
}

function customerIds(draw: Draw): string[] {
  const style = draw.oneOf(['number', 'long number', 'text', 'zeros', 'mail'] as const);
  return Array.from({ length: draw.number(3, 20) }, (_, at) => {
    if (style === 'number') return String(1000 + 7 * at);
    if (style === 'long number') return String(123_456_700_000 + 7 * at);
    if (style === 'zeros') return String(at + 1).padStart(6, '0');
    return style === 'text' ? `cus_${at}x` : `anna.${at}@example.org`;
  });
}

function orderTime(draw: Draw, later: number): Date {
  const days = Math.floor((RANDOM_SHOP_NOW.getTime() - FIRST_DAY) / DAY);
  const day = draw.chance(later) ? days + draw.number(1, 200) : draw.number(0, days - 1);
  return new Date(FIRST_DAY + day * DAY + draw.number(0, 86_399) * 1000);
}

function refundsOf(draw: Draw, lines: readonly RandomLine[], ordered: Date): RandomOrder['refunds'] {
  const line = draw.number(0, lines.length - 1);
  const pieces = draw.number(1, lines[line]?.pieces ?? 1);
  const latest = RANDOM_SHOP_NOW.getTime() - DAY;
  const time = new Date(
    Math.min(ordered.getTime() + draw.number(0, 40 * 86_400) * 1000, Math.max(latest, ordered.getTime())),
  );
  return [{ line, pieces, time }];
}

function truthOf(orders: readonly RandomOrder[]): ShopTruth {
  const sold = orders.filter(
    ({ isSale, customer, time }) => isSale && customer !== undefined && time <= RANDOM_SHOP_NOW,
  );
  const days = sold.map(({ time }) => time.toISOString().slice(0, 10)).sort();
  return {
    orders: sold.length,
    customers: new Set(sold.map(({ customer }) => customer)).size,
    revenueCents: sold.reduce((sum, order) => sum + orderCents(order) - refundCents(order), 0),
    firstDay: days[0] ?? '',
    lastDay: days.at(-1) ?? '',
  };
}
