import { planCampaign } from '../../tools/plan-campaign.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';
import { parseCallWords } from './call-arguments.ts';
import { callByCommand, printOutcome } from './call-outcome.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseAmount, parseDay, parseName, parseShare, parseWhole } from './flag-values.ts';
import { runPushCampaigns } from './mirror-campaigns.ts';

export interface CampaignFlags extends CommonFlags {
  readonly name?: string;
  readonly contactCost?: string;
  readonly offerCost?: string;
  readonly margin?: string;
  readonly currency?: string;
  readonly successRate?: string;
  readonly minProbability?: string;
  readonly filter?: readonly string[];
  readonly rankBy?: string;
  readonly maxCustomers?: string;
  readonly smallestEffect?: string;
  readonly horizonDays?: string;
  readonly asOf?: string;
  readonly contactDate?: string;
  readonly seed?: string;
  readonly json?: boolean;
}

const ACTIONS = ['list', 'plan', 'start', 'results', 'train', 'push'] as const;

/** Plans, starts, measures or lists campaigns, or learns from them: the same calls that a client makes. Or copies them to Snowflake. */
export function runCampaign(
  given: { readonly action: string; readonly id?: string },
  flags: CampaignFlags,
  environment: CommandEnvironment,
): Promise<number> {
  if (given.action === 'push') return runPushCampaigns(given.id, flags, environment);
  const { tool, args } = campaignCall(given, flags);
  return withServices(environment, flags, async (context) => {
    return printOutcome(context, await callByCommand(context, tool, args), flags.json);
  });
}

/** @throws USAGE */
export function campaignCall({ action, id }: { action: string; id?: string }, flags: CampaignFlags) {
  switch (parseName('action', action, ACTIONS)) {
    case 'list':
      return { tool: 'get_campaign_results', args: {} };
    case 'results':
      return { tool: 'get_campaign_results', args: { campaign_id: required(id, 'results') } };
    case 'start': {
      const { contactDate } = flags;
      const day = contactDate === undefined ? {} : { contact_date: parseDay('--contact-date', contactDate) };
      return { tool: 'start_campaign', args: { campaign_id: required(id, 'start'), ...day } };
    }
    case 'train':
      return { tool: 'train_uplift_model', args: {} };
    default:
      return { tool: 'plan_campaign', args: planArguments(flags) };
  }
}

function required(id: string | undefined, action: string): string {
  if (id !== undefined) return id;
  throw new ChurnMcpError('USAGE', 'Which campaign is meant is not said.', {
    hint: `churn-mcp campaign ${action} ID; "churn-mcp campaign list" shows the ids.`,
  });
}

function planArguments(flags: CampaignFlags): Record<string, unknown> {
  const { name, contactCost, offerCost, margin } = flags;
  if (contactCost === undefined || offerCost === undefined || margin === undefined) {
    throw new ChurnMcpError('USAGE', 'A plan needs --contact-cost, --offer-cost and --margin.', {
      hint: 'churn-mcp campaign plan --contact-cost 0.5 --offer-cost 5 --margin 0.3',
    });
  }
  const given = <Value>(text: string | undefined, parse: (text: string) => Value) =>
    text === undefined ? undefined : parse(text);
  const args = {
    name,
    contact_cost: parseAmount('--contact-cost', contactCost),
    offer_cost: parseAmount('--offer-cost', offerCost),
    margin: parseShare('--margin', margin),
    currency: flags.currency,
    success_rate: given(flags.successRate, (text) => parseShare('--success-rate', text)),
    ...filterArgument(flags.filter),
    rank_by: given(flags.rankBy, (text) => parseName('rank', text, ['risk', 'uplift'])),
    min_probability: given(flags.minProbability, (text) => parseShare('--min-probability', text)),
    max_customers: given(flags.maxCustomers, (text) => parseWhole('--max-customers', text, 2, 10_000_000)),
    smallest_effect: given(flags.smallestEffect, (text) => parseShare('--smallest-effect', text)),
    horizon_days: given(flags.horizonDays, (text) => parseWhole('--horizon-days', text, 7, 365)),
    as_of: given(flags.asOf, (text) => parseDay('--as-of', text)),
    seed: given(flags.seed, (text) => parseWhole('--seed', text, 0, 2 ** 32 - 1)),
  };
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** Words such as `segment=AT_RISK` as the argument `filter`. */
function filterArgument(words: readonly string[] = []): Record<string, unknown> {
  const wrong = words.find((word) => !/^[a-z_]+=/i.test(word));
  if (wrong !== undefined) {
    throw new ChurnMcpError('USAGE', `--filter takes field=value, not ${quoted(wrong)}.`, {
      hint: 'churn-mcp campaign plan … --filter segment=AT_RISK attributes=country=France min_spent=500',
    });
  }
  const fields = words.map((word) => `filter.${word}`);
  return parseCallWords(fields, planCampaign);
}
