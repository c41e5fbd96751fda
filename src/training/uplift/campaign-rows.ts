/** What campaigns that are over teach: their customers as of the day each was planned on, and what they did. */
import { CampaignHome } from '../../campaigns/campaign-home.ts';
import { finishedCampaigns } from '../../campaigns/finished-campaigns.ts';
import type { MeasuredCampaign } from '../../campaigns/measure-campaign.ts';
import type { DataSource, Id } from '../../data/data-source.ts';
import { concatDatasets, sharedColumnOf, toFeatureMatrix } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { ChurnMcpError } from '../../errors.ts';
import { FORWARD_FEATURES } from '../../features/churn-features.ts';
import { readChurnFeatures } from '../../features/read-churn-features.ts';
import { SEASON_FEATURE } from '../../features/season-feature.ts';
import { plural } from '../../text/format.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TrialRows } from './uplift-trees.ts';

/** Fewer show no difference between customers that is not chance. */
const LEAST_CONTACTED = 1000;
const LEAST_HELD_OUT = 250;

/** The day of the year would only tell one campaign from another. */
const UPLIFT_FEATURES = FORWARD_FEATURES.filter((name) => name !== SEASON_FEATURE);

export interface CampaignRows extends TrialRows {
  /** Of the campaigns learnt from, newest first. */
  readonly campaignIds: readonly string[];
  readonly horizonDays: number;
  /** Probability to leave, as each plan knew it. */
  readonly risk: Float64Array;
  /** Margin on what the customer spent, less what contacting them cost. */
  readonly earned: Float64Array;
}

/** @throws CAMPAIGN_REFUSED if campaigns have had too few customers */
export async function readCampaignRows(
  home: string,
  data: DataSource,
  env: TrainingEnvironment,
): Promise<CampaignRows> {
  reportStep(env, 'read', 'Reading what customers of past campaigns did');
  const { campaigns } = await new CampaignHome(home).list();
  const finished = await finishedCampaigns(campaigns, data, env.signal);
  assertEnough(finished);
  const parts: CampaignPart[] = [];
  for (const measured of finished) parts.push(await readPart(measured, data, env.signal));
  const all = (columnOf: (part: CampaignPart) => ArrayLike<number>) =>
    Float64Array.from(parts.flatMap((part) => Array.from(columnOf(part))));
  const customers = concatDatasets(parts.map(({ dataset }) => dataset));
  return {
    customers,
    ids: parts.flatMap(({ ids }) => ids),
    trial: {
      contacted: all(({ contacted }) => contacted),
      outcomes: customers.labels,
      weights: all(({ weights }) => weights),
    },
    expected: all(({ risk }) => risk.map((probability) => 1 - probability)),
    campaignIds: finished.map(({ campaign }) => campaign.plan.campaign_id),
    horizonDays: Math.max(...finished.map(({ campaign }) => campaign.plan.horizon_days)),
    risk: all(({ risk }) => risk),
    earned: all(({ earned }) => earned),
  };
}

interface CampaignPart {
  /** Labels: 1 for those who ordered. */
  readonly dataset: LabelledDataset;
  readonly ids: readonly Id[];
  readonly contacted: readonly number[];
  readonly weights: readonly number[];
  readonly risk: readonly number[];
  readonly earned: readonly number[];
}

/** Customers whose orders up to the plan's day are gone are left out: nothing is known of them then. */
async function readPart(
  { campaign: { plan }, outcomes }: MeasuredCampaign,
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<CampaignPart> {
  const table = await readChurnFeatures(data, { asOf: plan.as_of, features: UPLIFT_FEATURES, signal });
  const rowOf = new Map(table.ids('customer_id').map((id, row) => [String(id), row]));
  const known = outcomes.flatMap((outcome) => {
    const row = rowOf.get(String(outcome.customerId));
    return row === undefined ? [] : [{ ...outcome, row }];
  });
  const matrix = toFeatureMatrix(
    table,
    UPLIFT_FEATURES,
    Uint32Array.from(known, ({ row }) => row),
  );
  const heldOut = known.filter(({ isHeldOut }) => isHeldOut).length;
  return {
    dataset: { ...matrix, labels: sharedColumnOf(known.map(({ orders }) => (orders > 0 ? 1 : 0))) },
    ids: known.map(({ customerId }) => customerId),
    contacted: known.map(({ isHeldOut }) => (isHeldOut ? 0 : 1)),
    weights: known.map(({ isHeldOut }) => known.length / (isHeldOut ? heldOut : known.length - heldOut)),
    risk: known.map(({ churnProbability }) => churnProbability),
    earned: known.map(({ isHeldOut, orders, spent }) => {
      const costs = plan.contact_cost + (orders > 0 ? plan.offer_cost : 0);
      return spent * plan.margin - (isHeldOut ? 0 : costs);
    }),
  };
}

function assertEnough(finished: readonly MeasuredCampaign[]): void {
  const sum = (of: 'contacted' | 'heldOut') =>
    finished.reduce((total, { results }) => total + results[of].customers, 0);
  const [contacted, heldOut] = [sum('contacted'), sum('heldOut')];
  if (contacted >= LEAST_CONTACTED && heldOut >= LEAST_HELD_OUT) return;
  throw new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `Campaigns that are over have ${plural(contacted, 'contacted customer')} and ${plural(heldOut, 'customer')} held out. Learning whom an offer persuades takes ${LEAST_CONTACTED.toLocaleString('en-US')} and ${LEAST_HELD_OUT}.`,
    { hint: 'Run further campaigns (plan_campaign); get_campaign_results lists those there are.' },
  );
}
