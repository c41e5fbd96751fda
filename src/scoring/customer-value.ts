/**
 * What customers are worth: their expected spend over the 12 months after a day, and when they order next. One definition
 * for lists, files, campaigns, the overview and the page of one customer. `value_at_risk` is over the forecast's horizon
 * instead, and a campaign's profit over the campaign's: what is measured afterwards is of the same days.
 */
import { z } from 'zod';
import { OUTLOOK_TAIL, type Outlook, outlookOf } from '../baselines/customer-outlook.ts';
import { SPEND_HISTORY_FEATURES, spendHistoryOf, weeksOf } from '../baselines/purchase-history.ts';
import type { ColumnTable } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { addDays, dayOfYear, daysBetween, weekOfYear } from '../features/calendar-day.ts';
import { meanOf } from '../metrics/mean.ts';
import { normalQuantile } from '../metrics/quantiles.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { spendModelOf } from './expected-spend.ts';

export const YEAR_DAYS = 365;
/** Orders that go back so far are taken to go back a year: an export of 12 months often lacks a day or two. */
const NEARLY_A_YEAR = 351;
const DAYS_A_WEEK = 7;

export interface CustomerValue {
  /** Expected spend in the shop's currency. */
  readonly expected: number;
  /** Between these in eight of ten cases. */
  readonly low: number;
  readonly high: number;
  readonly variance: number;
  /** The chance to order within these days at all, and the expected spend of those who do. */
  readonly chance: number;
  readonly spendIfOrdering: number;
  /** If they do: the day of the next order that is as likely early as late, and the days between which eight of ten lie. */
  readonly nextOrder: { readonly early: string; readonly expected: string; readonly late: string };
}

export interface ValueOutlook {
  /** How far it looks ahead. */
  readonly days: number;
  /** Standard deviation of ln(said ÷ spent) of a sum over customers. */
  readonly deviation: number;
  /** Of a row of the table. */
  readonly of: (row: number) => CustomerValue;
  /** Of a row, without the days of the next order, which take most of the time. */
  readonly spendOf: (row: number) => Pick<CustomerValue, 'expected' | 'variance'>;
}

interface ScoredRows {
  readonly table: ColumnTable;
  /** Of the table's rows: the chance of no order in the forecast's horizon. */
  readonly probabilities: ArrayLike<number>;
  readonly asOf: string;
}

/**
 * Undefined for a card without a model of value: too few customers came back, or it is from before there was one.
 *
 * @param ahead days to look ahead; by default 365, or as many as the shop had had orders for, if these are fewer: a longer
 *   look ahead has nothing to stand on
 */
export function valueOutlookOf(
  { table, probabilities, asOf }: ScoredRows,
  { details }: ModelCard,
  ahead?: number,
): ValueOutlook | undefined {
  if (details.kind !== 'forward' || details.value === undefined) return undefined;
  const { value, horizon_days: horizonDays, orders, season }: DetailFields & typeof details = details;
  const days = ahead ?? daysAheadOf(daysBetween(orders.first_date, asOf));
  const { factors } = season ?? {};
  const factor = factors?.[weekOf(asOf)] ?? 1;
  const factorAhead = factors === undefined ? 1 : meanFactor(factors, asOf, days - horizonDays);
  const model = spendModelOf(value);
  const history = spendHistoryOf(toFeatureMatrix(table, SPEND_HISTORY_FEATURES));
  const within = weeksOf(horizonDays);
  const horizon = weeksOf(days);
  const lookAt = (row: number) => {
    // The horizon's season passes, and others come.
    const probability = probabilities[row] ** (factorAhead / factor);
    return outlookOf(model, history, row, { absence: { probability, within }, horizon });
  };
  return {
    days,
    deviation: value.deviation,
    spendOf: (row) => spendOf(lookAt(row)),
    of(row) {
      const outlook = lookAt(row);
      const dayAfter = (weeks: number) => addDays(asOf, Math.max(1, Math.round(weeks * DAYS_A_WEEK)));
      const { early, median, late } = outlook.nextOrder;
      return {
        ...spendOf(outlook),
        chance: outlook.chance,
        spendIfOrdering: outlook.spendIfOrdering,
        nextOrder: { early: dayAfter(early), expected: dayAfter(median), late: dayAfter(late) },
      };
    },
  };
}

function daysAheadOf(history: number): number {
  return history >= NEARLY_A_YEAR ? YEAR_DAYS : Math.max(1, history);
}

function weekOf(day: string): number {
  return weekOfYear(dayOfYear(day));
}

/** Mean of the season's factors, each of which is of a horizon, over the horizons that begin within so many days. */
function meanFactor(factors: readonly number[], asOf: string, days: number): number {
  const weeks = Math.floor(Math.max(0, days) / DAYS_A_WEEK);
  return meanOf(
    Array.from({ length: weeks + 1 }, (_, week) => factors[weekOf(addDays(asOf, week * DAYS_A_WEEK))]),
  );
}

type SpendOutlook = Pick<Outlook, 'chance' | 'spendIfOrdering' | 'squareIfOrdering'>;

/** The spend of a customer who may order: nothing with one chance, else an amount that is taken to be lognormal. */
export function spendOf({ chance, spendIfOrdering: mean, squareIfOrdering: square }: SpendOutlook) {
  const logVariance = Math.log(square / mean ** 2);
  const below = (share: number) => {
    const ofThoseWhoOrder = (share - (1 - chance)) / chance;
    if (ofThoseWhoOrder <= 0) return 0;
    return mean * Math.exp(Math.sqrt(logVariance) * normalQuantile(ofThoseWhoOrder) - logVariance / 2);
  };
  const expected = chance * mean;
  const variance = chance * square - expected ** 2;
  return { expected, variance, low: below(OUTLOOK_TAIL), high: below(1 - OUTLOOK_TAIL) };
}

/** A customer's value, with the days that it is of. */
export interface ToldValue extends Omit<CustomerValue, 'variance' | 'spendIfOrdering'> {
  readonly days: number;
}

/** Undefined without a model of value. */
export function toldValue(outlook: ValueOutlook | undefined, row: number): ToldValue | undefined {
  if (outlook === undefined) return undefined;
  const { variance: _, spendIfOrdering: __, ...value } = outlook.of(row);
  return { ...value, days: outlook.days };
}

export const totalValueSchema = z.strictObject({
  expected: z.number(),
  /** Between these in eight of ten cases. */
  low: z.number(),
  high: z.number(),
  days: z.int().min(1),
});

export type TotalValue = Readonly<z.output<typeof totalValueSchema>>;

/** Of all customers in some rows together: by chance, and by how far all of them may be off the same way. */
export function totalValue(
  { spendOf: of, deviation, days }: ValueOutlook,
  rows: Iterable<number>,
): TotalValue {
  let [expected, variance] = [0, 0];
  for (const row of rows) {
    const value = of(row);
    expected += value.expected;
    variance += value.variance;
  }
  const away =
    expected === 0
      ? 0
      : normalQuantile(1 - OUTLOOK_TAIL) * Math.hypot(deviation, Math.sqrt(variance) / expected);
  return { expected, low: expected * Math.exp(-away), high: expected * Math.exp(away), days };
}
