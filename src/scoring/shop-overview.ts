/** How a shop is doing: who is active, who lapsed and came back since a day before, and what may be lost. */
import { type MonthOfTrade, readTradeByMonth } from '../customers/cohort-retention.ts';
import {
  type CustomerFilter,
  findMatching,
  type MatchedCustomer,
  type MatchedCustomers,
} from '../customers/customer-filter.ts';
import { LAPSED_SEGMENTS } from '../customers/segments.ts';
import type { DataSource } from '../data/data-source.ts';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { addDays, dayNumber } from '../features/calendar-day.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { type ActiveCustomers, horizonDaysOf, scoreActiveCustomers } from './active-customers.ts';
import { type TotalValue, totalValue, valueOutlookOf } from './customer-value.ts';
import { trustOf } from './forecast-trust.ts';
import { type MoneyAtRisk, moneyAtRisk, moneyByBand, type RiskBand } from './money-at-risk.ts';
import type { ScoringEnvironment } from './score-customers.ts';

export interface OverviewRequest {
  readonly filter: CustomerFilter;
  readonly asOf?: string | undefined;
  /** A day, or the last day of the import before; a week before the day by default. */
  readonly compareWith?: string | typeof LAST_IMPORT | undefined;
  /** Months of trade at most. */
  readonly months: number;
}

export interface ShopOverview {
  readonly asOf: string;
  readonly comparedWith: string;
  /** Whether the day compared with is the last one of the import before, by its orders. */
  readonly isLastImport: boolean;
  /** A customer without an order for so long counts as lapsed. */
  readonly horizonDays: number;
  /** All customers who match the filter and had ordered by the day. */
  readonly customers: number;
  readonly segmentThresholds: SegmentThresholds;
  /** Without an order for longer than the days of the thresholds: the segment `LAPSED` of filters. */
  readonly lapsed: number;
  readonly active: number;
  readonly activeBefore: number;
  /** Active on the day compared with, and no longer. */
  readonly newlyLapsed: number;
  /** Lapsed on the day compared with, and back since. */
  readonly wonBack: number;
  /** First order since the day compared with. */
  readonly newCustomers: number;
  readonly segments: readonly GroupOfCustomers[];
  /** The shop's own; empty if it has none. */
  readonly customerSegments: readonly GroupOfCustomers[];
  readonly months: readonly MonthOfTrade[];
  /** Undefined if no forecast has been trained. */
  readonly risk: RiskOverview | undefined;
}

export interface GroupOfCustomers {
  readonly name: string;
  readonly customers: number;
  readonly totalSpent: number;
}

export interface RiskOverview {
  readonly card: ModelCard;
  readonly now: MoneyAtRisk;
  readonly before: MoneyAtRisk;
  /** What the active customers are expected to spend in 12 months; absent if too few customers came back. */
  readonly worth?: TotalValue | undefined;
  readonly bands: readonly (MoneyAtRisk & { readonly band: RiskBand })[];
}

const A_WEEK = 7;
/** Months of trade that are shown if nobody asks for more or fewer. */
export const USUAL_MONTHS = 12;
/** Compares with the data as the import before left it. */
export const LAST_IMPORT = 'last_import';

/** @param forecast the forecast that answers, if one has been trained */
export async function readOverview(
  request: OverviewRequest,
  { data, previous = data, forecast, signal }: OverviewSources,
): Promise<ShopOverview> {
  const { filter, months: most } = request;
  const asOf = await resolveAsOf(data, request.asOf);
  const isLastImport = request.compareWith === LAST_IMPORT;
  const comparedWith = isLastImport
    ? (await previous.summary()).lastOrderDate
    : await dayBefore(data, asOf, request.compareWith);
  const horizonDays = horizonDaysOf(forecast?.version.card);
  const days = await Promise.all(
    [
      { asOf, of: data },
      { asOf: comparedWith, of: previous },
    ].map(async (day) => {
      const conditions = { ...day, filter, signal, valuesMayBeNew: day.of !== data };
      return { ...day, matched: await findMatching(day.of, conditions) };
    }),
  );
  const [now, before] = days.map(({ matched }) => matched.all());
  return {
    asOf,
    comparedWith,
    isLastImport,
    horizonDays,
    segmentThresholds: (await data.summary()).segmentThresholds,
    customers: now.length,
    lapsed: now.filter(({ segment }) => LAPSED_SEGMENTS.has(segment)).length,
    ...changesOf(now, before, { horizonDays, comparedWith }),
    segments: groupsOf(now, ({ segment }) => segment),
    customerSegments: groupsOf(now, ({ customerSegment }) => customerSegment ?? undefined),
    months: await readTradeByMonth(data, { filter, asOf, signal, most }),
    risk: forecast && (await riskOf(forecast, days)),
  };
}

export interface OverviewSources {
  readonly data: DataSource;
  /** The data of the import before; only to compare with it. */
  readonly previous?: DataSource | undefined;
  readonly forecast: ScoringEnvironment | undefined;
  readonly signal?: AbortSignal | undefined;
}

async function dayBefore(data: DataSource, asOf: string, compareWith: string | undefined): Promise<string> {
  if (compareWith !== undefined) return resolveAsOf(data, compareWith);
  const { firstOrderDate } = await data.summary();
  const week = addDays(asOf, -A_WEEK);
  return dayNumber(week) < dayNumber(firstOrderDate) ? firstOrderDate : week;
}

function changesOf(
  now: readonly MatchedCustomer[],
  before: readonly MatchedCustomer[],
  { horizonDays, comparedWith }: { readonly horizonDays: number; readonly comparedWith: string },
) {
  const isActive = ({ daysSinceLastOrder }: MatchedCustomer) => daysSinceLastOrder < horizonDays;
  const earlier = new Map(before.map((customer) => [customer.customerId, customer]));
  const wasActive = ({ customerId }: MatchedCustomer) => {
    const customer = earlier.get(customerId);
    return customer && isActive(customer);
  };
  return {
    active: now.filter(isActive).length,
    activeBefore: before.filter(isActive).length,
    newlyLapsed: now.filter((customer) => !isActive(customer) && wasActive(customer) === true).length,
    wonBack: now.filter((customer) => isActive(customer) && wasActive(customer) === false).length,
    newCustomers: now.filter(
      ({ customerId, firstOrderDate }) => firstOrderDate > comparedWith || !earlier.has(customerId),
    ).length,
  };
}

/** Largest first, then by name. */
function groupsOf(
  customers: readonly MatchedCustomer[],
  nameOf: (customer: MatchedCustomer) => string | undefined,
): GroupOfCustomers[] {
  const groups = new Map<string, { customers: number; totalSpent: number }>();
  for (const customer of customers) {
    const name = nameOf(customer);
    if (name === undefined) continue;
    const { customers: count, totalSpent } = groups.get(name) ?? { customers: 0, totalSpent: 0 };
    groups.set(name, { customers: count + 1, totalSpent: totalSpent + customer.totalSpent });
  }
  return [...groups]
    .map(([name, group]) => ({ name, ...group }))
    .sort((a, b) => b.customers - a.customers || (a.name < b.name ? -1 : 1));
}

interface MatchedDay {
  readonly of: DataSource;
  readonly asOf: string;
  readonly matched: MatchedCustomers;
}

/** What is said of the day compared with is said by today's model, and not kept as a prediction. */
async function riskOf(
  forecast: ScoringEnvironment,
  [today, earlier]: readonly MatchedDay[],
): Promise<RiskOverview> {
  const { card } = forecast.version;
  const { deviation } = trustOf(card);
  const { onScored: _, ...unrecorded } = forecast;
  const activeOn = (day: MatchedDay, env: ScoringEnvironment) =>
    scoreActiveCustomers(day, { ...env, data: day.of });
  const prospectsOf = ({ active, prospectOf }: ActiveCustomers) => active.map(prospectOf);
  const scored = await activeOn(today, forecast);
  const now = prospectsOf(scored);
  const before = prospectsOf(await activeOn(earlier, unrecorded));
  const outlook = valueOutlookOf(scored, card);
  return {
    card,
    now: moneyAtRisk(now, deviation),
    before: moneyAtRisk(before, deviation),
    bands: moneyByBand(now, deviation),
    ...(outlook && { worth: totalValue(outlook, scored.active) }),
  };
}
