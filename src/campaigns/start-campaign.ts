import type { DataSource } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { daysBetween } from '../features/calendar-day.ts';
import { plural } from '../text/format.ts';
import { customersOfRunning } from './campaign-course.ts';
import { type CampaignHome, startedAlready } from './campaign-home.ts';
import type { Campaign, CampaignPlan, StartedCampaign } from './campaign-plan.ts';
import { readContactList, writeContactLists } from './contact-list.ts';

export interface StartCampaignRequest {
  readonly campaignId: string;
  /** The day the contacts go out; today by default. */
  readonly contactDate?: string | undefined;
}

export interface StartEnvironment {
  readonly home: CampaignHome;
  readonly data: DataSource;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
}

export interface StartOutcome {
  readonly campaign: StartedCampaign;
  /** Where the contact lists are. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly contacts: number;
  readonly withoutEmail: number;
}

/** Orders older than this say little of who is about to leave today. */
const OLDEST_DATA_DAYS = 14;

/**
 * Starts a planned campaign: writes down the day of the contacts and the lists of whom to contact. Nothing is sent.
 *
 * @throws CAMPAIGN_REFUSED if it was started before, the data has changed since it was planned, the data is old, or another
 *   campaign has taken its customers meanwhile
 */
export async function startCampaign(
  request: StartCampaignRequest,
  { home, data, now, signal }: StartEnvironment,
): Promise<StartOutcome> {
  const { plan } = await readStartable(request, { home, data, now });
  const contactDate = contactDateOf(plan, request.contactDate, now);
  const contacts = await readContactList(plan, data, signal);
  const start = {
    format: 1 as const,
    campaign_id: plan.campaign_id,
    started_at: now.toISOString(),
    contact_date: contactDate,
  };
  let files: string[] = [];
  const folder = await home.addStart(start, async (aside) => {
    files = await writeContactLists(contacts, plan.name, aside);
  });
  return {
    campaign: { plan, start },
    folder,
    files,
    contacts: contacts.length,
    withoutEmail: contacts.filter(({ email }) => email === '').length,
  };
}

/** The campaign, if it can be started now. @throws as `startCampaign` does */
export async function readStartable(
  { campaignId, contactDate }: StartCampaignRequest,
  { home, data, now }: Omit<StartEnvironment, 'signal'>,
): Promise<Campaign> {
  const campaign = await home.read(campaignId);
  const { plan, start } = campaign;
  if (start !== undefined) throw startedAlready(campaignId);
  contactDateOf(plan, contactDate, now);
  const { fingerprint } = await data.summary();
  if (fingerprint !== plan.fingerprint) {
    throw new ChurnMcpError(
      'CAMPAIGN_REFUSED',
      'Orders were imported since this campaign was planned, so its customers may have changed.',
      { hint: 'Plan it again with plan_campaign, and start the new plan.' },
    );
  }
  const { campaigns } = await home.list();
  const busy = customersOfRunning(campaigns, plan.as_of);
  const shared = plan.customers.id.filter((id) => busy.has(String(id))).length;
  if (shared > 0) {
    throw new ChurnMcpError(
      'CAMPAIGN_REFUSED',
      `${plural(shared, 'customer of this campaign is', 'customers of this campaign are')} in another one that was started since.`,
      { hint: 'Plan it again with plan_campaign: it leaves them out.' },
    );
  }
  return campaign;
}

function contactDateOf(plan: CampaignPlan, given: string | undefined, now: Date): string {
  const today = now.toISOString().slice(0, 10);
  // A clock that is behind the orders is wrong.
  const day = given ?? [today, plan.as_of].sort()[1];
  const age = daysBetween(plan.as_of, day);
  if (age < 0) {
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      `The contacts cannot go out on ${day}: the plan knows the orders up to ${plan.as_of}.`,
      { hint: `Give contact_date as ${plan.as_of} or later, or leave it out.` },
    );
  }
  if (age > OLDEST_DATA_DAYS) {
    throw new ChurnMcpError(
      'CAMPAIGN_REFUSED',
      `The orders end on ${plan.as_of}, ${age} days before ${day}: who is about to leave has changed since.`,
      {
        hint: `Import the newer orders and plan again. If the contacts did go out earlier, give that day as contact_date.`,
      },
    );
  }
  return day;
}
