/** How a shop is doing: who is active, who lapsed and came back since a day before, and what may be lost. */
import { type MonthOfTrade, readTradeByMonth } from '../customers/cohort-retention.ts';
import {
  type CustomerFilter,
  findMatching,
  isEmptyFilter,
  type MatchedCustomer,
} from '../customers/customer-filter.ts';
import { LAPSED_SEGMENTS } from '../customers/segments.ts';
import type { DataSource } from '../data/data-source.ts';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { addDays, dayNumber } from '../features/calendar-day.ts';
import { readActiveCustomers } from '../features/read-churn-features.ts';
import type { ModelCard } from '../registry/model-card.ts';
import {
  type ActiveCustomers,
  type ActiveRequest,
  horizonDaysOf,
  scoreActiveCustomers,
} from './active-customers.ts';
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
  const matchedOn = async (of: DataSource, day: string) => {
    return findMatching(of, { filter, asOf: day, signal, valuesMayBeNew: of !== data });
  };
  const isActive = activeWithin(horizonDays);
  const readBefore = async () => {
    const day = { of: previous, asOf: comparedWith };
    if (isEmptyFilter(filter) && previous === data) {
      const earlier = await readEarlier(data, { asOf: comparedWith, days: horizonDays, signal });
      return { earlier, day: { ...day, readsActiveAlone: true } };
    }
    const matched = await matchedOn(previous, comparedWith);
    return { earlier: earlierOf(matched.all(), isActive), day: { ...day, matched } };
  };
  const [matched, before] = await Promise.all([matchedOn(data, asOf), readBefore()]);
  const now = matched.all();
  const days = [{ of: data, asOf, matched }, before.day];
  return {
    asOf,
    comparedWith,
    isLastImport,
    horizonDays,
    segmentThresholds: (await data.summary()).segmentThresholds,
    customers: now.length,
    lapsed: now.filter(({ segment }) => LAPSED_SEGMENTS.has(segment)).length,
    ...changesOf(now, before.earlier, { isActive, comparedWith }),
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

type IsActive = (customer: MatchedCustomer) => boolean;

function activeWithin(horizonDays: number): IsActive {
  return ({ daysSinceLastOrder }) => daysSinceLastOrder < horizonDays;
}

/** Those who match on the day compared with. */
interface EarlierCustomers {
  readonly active: number;
  /** Undefined for a customer without an order by the day. */
  wasActive(customer: MatchedCustomer): boolean | undefined;
}

function earlierOf(customers: readonly MatchedCustomer[], isActive: IsActive): EarlierCustomers {
  const known = new Map(customers.map((customer) => [customer.customerId, isActive(customer)]));
  return {
    active: customers.filter(isActive).length,
    wasActive: ({ customerId }) => known.get(customerId),
  };
}

/** The same of everyone in the same data: who was active is told by a few days of orders, all else by today's totals. */
async function readEarlier(
  data: DataSource,
  day: { readonly asOf: string; readonly days: number; readonly signal?: AbortSignal | undefined },
): Promise<EarlierCustomers> {
  const active = await readActiveCustomers(data, day);
  return {
    active: active.size,
    wasActive: ({ customerId, firstOrderDate }) =>
      firstOrderDate > day.asOf ? undefined : active.has(customerId),
  };
}

function changesOf(
  now: readonly MatchedCustomer[],
  { active: activeBefore, wasActive }: EarlierCustomers,
  { isActive, comparedWith }: { readonly isActive: IsActive; readonly comparedWith: string },
) {
  return {
    active: now.filter(isActive).length,
    activeBefore,
    newlyLapsed: now.filter((customer) => !isActive(customer) && wasActive(customer) === true).length,
    wonBack: now.filter((customer) => isActive(customer) && wasActive(customer) === false).length,
    newCustomers: now.filter(
      (customer) => customer.firstOrderDate > comparedWith || wasActive(customer) === undefined,
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

interface OverviewDay extends ActiveRequest {
  readonly of: DataSource;
}

/** What is said of the day compared with is said by today's model, and not kept as a prediction. */
async function riskOf(
  forecast: ScoringEnvironment,
  [today, earlier]: readonly OverviewDay[],
): Promise<RiskOverview> {
  const { card } = forecast.version;
  const { deviation } = trustOf(card);
  const { onScored: _, ...unrecorded } = forecast;
  const activeOn = (day: OverviewDay, env: ScoringEnvironment) =>
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
