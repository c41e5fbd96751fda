import { riskBandOf } from './assignment.ts';
import type { OfferCosts } from './expected-earnings.ts';
import { alphaOf, type Look } from './looks.ts';
import type { Group } from './statistics/adjusted-mean.ts';
import { differenceInMeans, type TwoGroups } from './statistics/difference-in-means.ts';
import { exactDifferenceInShares, type TwoCounts } from './statistics/difference-in-shares.ts';
import type { Difference } from './statistics/interval.ts';
import type { MeasuredBand } from './success-rate.ts';

/** One customer of a campaign and what they did since; what was known before the campaign explains much of it. */
export interface CustomerOutcome {
  readonly isHeldOut: boolean;
  readonly churnProbability: number;
  /** What the customer would spend in the horizon if they stay. */
  readonly expectedSpend: number;
  readonly orders: number;
  readonly spent: number;
}

export interface GroupTotals {
  readonly customers: number;
  readonly ordered: number;
  readonly orders: number;
  readonly spent: number;
  /** Margin on what was spent. */
  readonly earned: number;
}

export interface CampaignResults {
  readonly contacted: GroupTotals;
  readonly heldOut: GroupTotals;
  /** Share of customers who ordered, contacted less held out. */
  readonly orderShare: Difference | undefined;
  /** Per customer. */
  readonly spent: Difference | undefined;
  /** Of all contacted, after costs; undefined if too few ordered to say. */
  readonly profit: Difference | undefined;
  /** What contacting cost, offers taken included. */
  readonly costs: number;
  readonly bands: readonly MeasuredBand[];
}

/** Customers of a group who have to order, and not to order, before their money can be averaged or normal theory be trusted. */
const LEAST_ORDERED = 10;
/** Pairs of counts beyond which exact intervals take too long; by then a group is large. */
const MOST_EXACT_PAIRS = 40_000;

/** Contacted against held out; all contacted customers who order are taken to have used the offer. Intervals are those of the look: together they raise at most 5 % false alarms. */
export function compareGroups(
  outcomes: readonly CustomerOutcome[],
  costs: OfferCosts,
  look: Look,
): CampaignResults {
  const alpha = alphaOf(look);
  const split = splitByGroup(outcomes);
  const contacted = totalsOf(split.contacted, costs);
  const heldOut = totalsOf(split.heldOut, costs);
  const canAverage = Math.min(contacted.ordered, heldOut.ordered) >= LEAST_ORDERED;
  const averaged = (outcomeOf: ValueOf) =>
    canAverage
      ? differenceInMeans(groupsOf(split, { outcomeOf, forecastOf: spendForecast, amountOf: spentOf }), alpha)
      : undefined;
  const profitPerCustomer = averaged(profitOf(costs));
  return {
    contacted,
    heldOut,
    orderShare: differenceInShares(split, alpha),
    spent: averaged(spentOf),
    profit: profitPerCustomer && times(profitPerCustomer, contacted.customers),
    costs: contacted.customers * costs.contactCost + contacted.ordered * costs.offerCost,
    bands: bandsOf(split),
  };
}

interface Split {
  readonly contacted: readonly CustomerOutcome[];
  readonly heldOut: readonly CustomerOutcome[];
}

type ValueOf = (customer: CustomerOutcome) => number;

function splitByGroup(outcomes: readonly CustomerOutcome[]): Split {
  return {
    contacted: outcomes.filter(({ isHeldOut }) => !isHeldOut),
    heldOut: outcomes.filter(({ isHeldOut }) => isHeldOut),
  };
}

const hasOrdered: ValueOf = ({ orders }) => (orders > 0 ? 1 : 0);
const spentOf: ValueOf = ({ spent }) => spent;
const stayForecast: ValueOf = ({ churnProbability }) => 1 - churnProbability;
/** What the customer was expected to spend, leaving or not. */
const spendForecast: ValueOf = ({ churnProbability, expectedSpend }) =>
  (1 - churnProbability) * expectedSpend;

function profitOf({ contactCost, offerCost, margin }: OfferCosts): ValueOf {
  return (customer) => {
    const cost = customer.isHeldOut ? 0 : contactCost + hasOrdered(customer) * offerCost;
    return customer.spent * margin - cost;
  };
}

function totalsOf(customers: readonly CustomerOutcome[], { margin }: OfferCosts): GroupTotals {
  const sum = (readOf: ValueOf) => customers.reduce((total, customer) => total + readOf(customer), 0);
  const spent = sum(spentOf);
  return {
    customers: customers.length,
    ordered: sum(hasOrdered),
    orders: sum(({ orders }) => orders),
    spent,
    earned: spent * margin,
  };
}

/** Exact for few customers; else with what the forecast explains taken out. */
function differenceInShares(split: Split, alpha: number): Difference | undefined {
  const counts = countsOf(split);
  const { contacted, heldOut } = counts;
  if (Math.min(contacted.customers, heldOut.customers) === 0) return undefined;
  const isFew = [contacted, heldOut].some(
    ({ customers, ordered }) => Math.min(ordered, customers - ordered) < LEAST_ORDERED,
  );
  const canCount = (contacted.customers + 1) * (heldOut.customers + 1) <= MOST_EXACT_PAIRS;
  if (isFew && canCount) return exactDifferenceInShares(counts, alpha);
  return differenceInMeans(
    groupsOf(split, { outcomeOf: hasOrdered, forecastOf: stayForecast, amountOf: hasOrdered }),
    alpha,
  );
}

function countsOf({ contacted, heldOut }: Split): TwoCounts {
  const count = (customers: readonly CustomerOutcome[]) => ({
    customers: customers.length,
    ordered: customers.reduce((sum, customer) => sum + hasOrdered(customer), 0),
  });
  return { contacted: count(contacted), heldOut: count(heldOut) };
}

interface Measure {
  readonly outcomeOf: ValueOf;
  readonly forecastOf: ValueOf;
  readonly amountOf: ValueOf;
}

function groupsOf({ contacted, heldOut }: Split, { outcomeOf, forecastOf, amountOf }: Measure): TwoGroups {
  const sum = (customers: readonly CustomerOutcome[]) =>
    customers.reduce((total, customer) => total + forecastOf(customer), 0);
  const centre = (sum(contacted) + sum(heldOut)) / (contacted.length + heldOut.length);
  const groupOf = (customers: readonly CustomerOutcome[]): Group => ({
    outcomes: Float64Array.from(customers, outcomeOf),
    forecasts: Float64Array.from(customers, (customer) => forecastOf(customer) - centre),
    amounts: Float64Array.from(customers, amountOf),
  });
  return { contacted: groupOf(contacted), heldOut: groupOf(heldOut) };
}

/** What each band of risk says of the offer; bands with too few customers say nothing. */
function bandsOf(split: Split): MeasuredBand[] {
  const bands = new Set(split.heldOut.map(({ churnProbability }) => riskBandOf(churnProbability)));
  return [...bands].sort().flatMap((band) => {
    const isOfBand = ({ churnProbability }: CustomerOutcome) => riskBandOf(churnProbability) === band;
    const ofBand = { contacted: split.contacted.filter(isOfBand), heldOut: split.heldOut.filter(isOfBand) };
    const { heldOut, contacted } = countsOf(ofBand);
    if (Math.min(heldOut.customers, contacted.customers) < LEAST_ORDERED) return [];
    // A share of 0 or 1 among few is no certainty: two more who did and two who did not (Agresti and Caffo, 2000).
    const share = ({ ordered, customers }: { ordered: number; customers: number }) =>
      (ordered + 1) / (customers + 2);
    const [p, q] = [share(contacted), share(heldOut)];
    return [
      {
        band,
        difference: contacted.ordered / contacted.customers - heldOut.ordered / heldOut.customers,
        standardError: Math.sqrt((p * (1 - p)) / contacted.customers + (q * (1 - q)) / heldOut.customers),
        leavingShare: 1 - heldOut.ordered / heldOut.customers,
      },
    ];
  });
}

function times({ value, low, high }: Difference, factor: number): Difference {
  return { value: value * factor, low: low * factor, high: high * factor };
}
