import type { DataSource, Id } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { daysBetween } from '../features/calendar-day.ts';
import { costsOf, type GroupSizes, lastDayOf } from './campaign-course.ts';
import type { Campaign, CampaignPlan, StartedCampaign } from './campaign-plan.ts';
import { type CampaignResults, type CustomerOutcome, compareGroups } from './results.ts';

/** How a campaign goes by the orders imported so far, and whether these can be believed. */
export interface MeasuredCampaign {
  readonly campaign: StartedCampaign;
  /** The last day whose orders count. */
  readonly through: string;
  /** The last day of the horizon. */
  readonly end: string;
  readonly daysPassed: number;
  readonly isFinal: boolean;
  readonly outcomes: readonly CampaignOutcome[];
  readonly results: CampaignResults;
  readonly problems: readonly DataProblem[];
  readonly verdict: Verdict;
}

/** What one customer of a campaign did, if they are still in the data. */
export interface CampaignOutcome extends CustomerOutcome {
  readonly customerId: Id;
}

/**
 * `too early`: it still runs, and nothing is sure yet. `ahead`: it still runs, and has brought more than it cost. Once it is
 * over: `paid`, `lost`, or `unclear`. `unusable`: the data is not that of the campaign.
 */
export type Verdict = 'too early' | 'ahead' | 'paid' | 'lost' | 'unclear' | 'unusable';

export type DataProblem =
  /** Customers of the campaign whose orders are not in the data any more. */
  | {
      readonly kind: 'customers gone';
      readonly contacted: number;
      readonly heldOut: number;
      readonly isSerious: boolean;
    }
  /** The orders from before the campaign are not those it was planned on. */
  | {
      readonly kind: 'history changed';
      readonly ordersThen: number;
      readonly ordersNow: number;
      readonly isSerious: boolean;
    }
  /** Too few customers have ordered for their money to be averaged. */
  | { readonly kind: 'few orders'; readonly isSerious: false };

/** Beyond this share of customers gone, or of orders that changed, the groups are no longer those that were drawn. */
const MOST_CHANGED = 0.05;
const NOTEWORTHY_CHANGE = 0.001;

/** @throws CAMPAIGN_REFUSED if nobody has started it */
export function requireStarted({ plan, start }: Campaign): StartedCampaign {
  if (start !== undefined) return { plan, start };
  throw new ChurnMcpError('CAMPAIGN_REFUSED', `The campaign ${plan.campaign_id} has not been started.`, {
    hint: `start_campaign with campaign_id ${plan.campaign_id} starts it.`,
  });
}

export async function measureCampaign(
  campaign: StartedCampaign,
  data: DataSource,
  signal?: AbortSignal | undefined,
): Promise<MeasuredCampaign> {
  const { plan, start } = campaign;
  const { lastOrderDate } = await data.summary();
  const end = lastDayOf(campaign);
  const isFinal = lastOrderDate >= end;
  const through = isFinal ? end : lastOrderDate;
  const { outcomes, gone, ordersNow } = await readOutcomes(campaign, through, { data, signal });
  const results = compareGroups(outcomes, costsOf(plan), { isFinal, horizonDays: plan.horizon_days });
  const problems = problemsOf(plan, results, { gone, ordersNow });
  return {
    campaign,
    through,
    end,
    daysPassed: Math.max(0, daysBetween(start.contact_date, through)),
    isFinal,
    outcomes,
    results,
    problems,
    verdict: verdictOf(results, isFinal, problems),
  };
}

async function readOutcomes(
  { plan, start }: StartedCampaign,
  through: string,
  { data, signal }: { readonly data: DataSource; readonly signal: AbortSignal | undefined },
): Promise<{ outcomes: CampaignOutcome[]; gone: GroupSizes; ordersNow: number }> {
  const table = await data.columns({
    file: 'portable/reads/campaign_outcomes',
    values: [plan.as_of, start.contact_date, through],
    isLarge: true,
    signal,
  });
  // Ids as text: an import may have found since that they are no numbers.
  const rows = new Map(table.ids('customer_id').map((id, row) => [String(id), row]));
  const [before, orders, spent] = ['orders_before', 'orders_since', 'spent_since'].map((name) =>
    table.float64(name),
  );
  const gone = { contacted: 0, heldOut: 0 };
  let ordersNow = 0;
  const { id, held_out, churn_probability, expected_spend } = plan.customers;
  const outcomes = id.flatMap((customerId, i) => {
    const isHeldOut = held_out[i] === 1;
    const row = rows.get(String(customerId));
    if (row === undefined) {
      gone[isHeldOut ? 'heldOut' : 'contacted'] += 1;
      return [];
    }
    ordersNow += before[row];
    return [
      {
        customerId,
        isHeldOut,
        churnProbability: churn_probability[i],
        expectedSpend: expected_spend[i],
        orders: orders[row],
        spent: spent[row],
      },
    ];
  });
  return { outcomes, gone, ordersNow };
}

function problemsOf(
  { before, customers }: CampaignPlan,
  { contacted, heldOut, profit }: CampaignResults,
  { gone, ordersNow }: { readonly gone: GroupSizes; readonly ordersNow: number },
): DataProblem[] {
  const problems: DataProblem[] = [];
  const missing = gone.contacted + gone.heldOut;
  if (missing > 0) {
    const isSerious =
      missing > MOST_CHANGED * customers.id.length || Math.min(contacted.customers, heldOut.customers) === 0;
    problems.push({ kind: 'customers gone', ...gone, isSerious });
  }
  // Of customers who are gone the orders are gone too, which has been said.
  const expected = before.orders * (1 - missing / customers.id.length);
  const changed = Math.abs(ordersNow - expected) / Math.max(1, expected);
  if (missing === 0 ? changed > NOTEWORTHY_CHANGE : changed > MOST_CHANGED) {
    problems.push({
      kind: 'history changed',
      ordersThen: before.orders,
      ordersNow,
      isSerious: changed > MOST_CHANGED,
    });
  }
  if (profit === undefined) problems.push({ kind: 'few orders', isSerious: false });
  return problems;
}

/** Costs come first and orders later, so a loss is not told before the end. */
function verdictOf({ profit }: CampaignResults, isFinal: boolean, problems: readonly DataProblem[]): Verdict {
  if (problems.some(({ isSerious }) => isSerious)) return 'unusable';
  const isAhead = profit !== undefined && profit.low > 0;
  if (!isFinal) return isAhead ? 'ahead' : 'too early';
  if (isAhead) return 'paid';
  return profit !== undefined && profit.high < 0 ? 'lost' : 'unclear';
}
