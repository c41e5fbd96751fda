import { CampaignHome, type DamagedCampaign } from '../campaigns/campaign-home.ts';
import { measureCampaign, requireStarted } from '../campaigns/measure-campaign.ts';
import { pushCampaign } from '../snowflake/mirror/campaign-mirror.ts';
import { MirrorSession } from '../snowflake/mirror/mirror-session.ts';
import { plural } from '../text/format.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { mirrorConfig } from './mirror-models.ts';

interface ToCopy {
  readonly ids: readonly string[];
  readonly damaged: readonly DamagedCampaign[];
}

/** Copies the campaign named, or all that were started, to Snowflake, with what was measured by today's orders. */
export function runPushCampaigns(
  campaignId: string | undefined,
  flags: CommonFlags,
  environment: CommandEnvironment,
): Promise<number> {
  return withServices(environment, flags, async (context) => {
    const { config, services, signal, print } = context;
    const snowflake = mirrorConfig(context);
    const home = new CampaignHome(config.home);
    const { ids, damaged }: ToCopy =
      campaignId === undefined ? await startedCampaigns(home) : { ids: [campaignId], damaged: [] };
    for (const { campaignId: id, error } of damaged) print(`${id} was not copied. ${error.message}`);
    if (ids.length + damaged.length === 0) {
      print('No campaign was started yet, so there is none to copy.');
      return 0;
    }
    await using mirror = await MirrorSession.open(snowflake, signal);
    await using borrowed = await services.data.borrow();
    for (const id of ids) {
      const campaign = requireStarted(await home.read(id));
      const measured = await measureCampaign(campaign, borrowed.data, signal);
      const copied = await pushCampaign(measured, mirror, new Date());
      const customers =
        copied === 0 ? 'Its customers were there already.' : `${plural(copied, 'customer')} copied.`;
      print(`${id} is in Snowflake, measured up to ${measured.through}. ${customers}`);
    }
    return damaged.length === 0 ? 0 : 1;
  });
}

async function startedCampaigns(home: CampaignHome): Promise<ToCopy> {
  const { campaigns, damaged } = await home.list();
  const ids = campaigns.flatMap(({ plan, start }) => (start === undefined ? [] : [plan.campaign_id]));
  return { ids, damaged };
}
