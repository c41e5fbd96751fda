/**
 * The generated shops of the forecast's bench: each a random process whose customers order at rates of their own and
 * leave for good after some order (BG/NBD), while the shop's year runs faster or slower than the clock.
 */
import { dayNumber } from '../../src/features/calendar-day.ts';

/** How one shop's customers behave. Rates are orders per day of an average season. */
export interface ShopLaw {
  readonly name: string;
  /** Shops of one kind are reported together. */
  readonly kind: string;
  readonly seed: number;
  readonly customers: number;
  /** ISO date of the first day, and the number of days of orders. */
  readonly firstDay: string;
  readonly days: number;
  /** Share of the customers who join evenly within the first `launchDays`; the others join evenly after it. */
  readonly launchDays: number;
  readonly launchShare: number;
  /** Groups of customers by share; rates are gamma distributed, dropout probabilities beta distributed. */
  readonly segments: readonly ShopSegment[];
  /** So many days at the beginning are not in the data: the shop is older than what it kept. */
  readonly forgottenDays: number;
  /** Share of customers who never order again, whatever their segment says. */
  readonly oneOffShare: number;
  /** How many times faster than on an average day customers order on a day since 1970-01-01. */
  readonly seasonOf: (day: number) => number;
  /** Days after the first that training happens at. */
  readonly cutoffs: readonly number[];
}

export interface ShopSegment {
  readonly share: number;
  readonly rateShape: number;
  readonly meanRate: number;
  readonly dropoutA: number;
  readonly dropoutB: number;
  /** Median order total. */
  readonly total: number;
}

const YEAR = 365.25;
const FIRST_DAY = '2021-03-01';
const ORDINARY: readonly ShopSegment[] = [
  { share: 0.3, rateShape: 2, meanRate: 0.05, dropoutA: 0.4, dropoutB: 3, total: 80 },
  { share: 0.7, rateShape: 1, meanRate: 0.012, dropoutA: 0.6, dropoutB: 2.5, total: 40 },
];

const ORDINARY_SHOP = {
  customers: 2500,
  firstDay: FIRST_DAY,
  days: 1100,
  launchDays: 240,
  launchShare: 0.4,
  segments: ORDINARY,
  forgottenDays: 0,
  oneOffShare: 0.15,
  cutoffs: evenly(330, 1010, 8),
};

export const SHOP_LAWS: readonly ShopLaw[] = [
  { ...ORDINARY_SHOP, name: 'flat', kind: 'flat', seed: 1, seasonOf: () => 1 },
  { ...ORDINARY_SHOP, name: 'wave', kind: 'wave', seed: 2, seasonOf: (day) => wave(day, 0.5) },
  { ...ORDINARY_SHOP, name: 'christmas', kind: 'christmas', seed: 3, seasonOf: christmas },
  { ...ORDINARY_SHOP, name: 'moving sale', kind: 'moving sale', seed: 4, seasonOf: movingSale },
  {
    ...ORDINARY_SHOP,
    name: 'vanished season',
    kind: 'vanished season',
    seed: 5,
    seasonOf: (day) => (day < dayNumber(FIRST_DAY) + 700 ? wave(day, 0.6) : 1),
  },
  { ...ORDINARY_SHOP, name: 'random shocks', kind: 'random shocks', seed: 6, seasonOf: shocks(6) },
  {
    ...ORDINARY_SHOP,
    name: 'growth',
    kind: 'growth',
    seed: 7,
    seasonOf: (day) => wave(day, 0.3) * 1.35 ** ((day - dayNumber(FIRST_DAY)) / YEAR),
  },
  {
    ...ORDINARY_SHOP,
    name: '400 customers',
    kind: '400 customers',
    seed: 8,
    customers: 400,
    seasonOf: (day) => wave(day, 0.4) * movingSale(day),
  },
  {
    ...ORDINARY_SHOP,
    name: 'long history',
    kind: 'long history',
    seed: 9,
    days: 2000,
    seasonOf: (day) => wave(day, 0.3) * christmas(day),
    cutoffs: evenly(1100, 1910, 6),
  },
  {
    ...ORDINARY_SHOP,
    name: 'one-off buyers',
    kind: 'one-off buyers',
    seed: 10,
    customers: 4000,
    oneOffShare: 0.7,
    seasonOf: (day) => wave(day, 0.4),
  },
  {
    ...ORDINARY_SHOP,
    name: 'forgotten years',
    kind: 'forgotten years',
    seed: 11,
    customers: 5000,
    days: 1900,
    forgottenDays: 1100,
    launchDays: 1,
    launchShare: 0,
    oneOffShare: 0.25,
    seasonOf: (day) => wave(day, 0.2) * christmas(day),
    cutoffs: evenly(1100 + 590, 1810, 4),
  },
];

/** A smooth year: highest at the turn of the year, lowest in July. */
function wave(day: number, height: number): number {
  return 1 + height * Math.cos((2 * Math.PI * day) / YEAR);
}

/** Day of the year from 0, close enough for a season. */
function dayOfYear(day: number): number {
  return day % YEAR;
}

function christmas(day: number): number {
  const of = dayOfYear(day);
  if (of >= 318 && of < 355) return 2.8;
  return of < 50 ? 0.7 : 1;
}

/** Nine days of a sale that come up to five weeks earlier or later every year. */
function movingSale(day: number): number {
  const year = Math.floor(day / YEAR);
  const begins = 100 + ((year * 37) % 70);
  const of = dayOfYear(day);
  return of >= begins && of < begins + 9 ? 5 : 1;
}

/** Every month is faster or slower by chance; no year is like another. */
function shocks(seed: number): (day: number) => number {
  return (day) => {
    const month = Math.floor(day / 30.44);
    const draw = Math.sin(month * 12.9898 + seed * 78.233) * 43758.5453;
    return Math.exp(1.4 * (draw - Math.floor(draw) - 0.5));
  };
}

function evenly(first: number, last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(first + ((last - first) * i) / (count - 1)));
}
