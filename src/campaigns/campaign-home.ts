import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { withFolderAside } from '../files/aside.ts';
import { stateOfFile, writeChecksum } from '../files/checksum.ts';
import { exists, renameUnlessTaken, writeNewFile } from '../files/durable-files.ts';
import { utcStamp } from '../files/utc-stamp.ts';
import { quoted } from '../text/quoted.ts';
import {
  CAMPAIGN_ID_PATTERN,
  type Campaign,
  type CampaignPlan,
  type CampaignStart,
  campaignPlanSchema,
  campaignStartSchema,
} from './campaign-plan.ts';

export interface CampaignList {
  /** Newest first. */
  readonly campaigns: readonly Campaign[];
  /** Campaigns with a file that is not what was written. */
  readonly damaged: readonly DamagedCampaign[];
}

export interface DamagedCampaign {
  readonly campaignId: string;
  readonly folder: string;
  readonly error: ChurnMcpError;
}

/**
 * The campaigns of a home folder. Each folder appears in one step. The JSON files never change, and each has its checksum
 * beside it; the contact lists are for people, who may edit or delete them.
 *
 *     campaigns/<id>/plan.json              what was planned, with all customers and who is held out
 *     campaigns/<id>/started/start.json     when the contacts went out
 *     campaigns/<id>/started/contacts*      the contact lists
 */
export class CampaignHome {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, 'campaigns');
  }

  async addPlan(plan: CampaignPlan): Promise<void> {
    await this.#addFolder(this.#folder, plan.campaign_id, async (aside) => {
      await writeJson(join(aside, 'plan.json'), plan);
    });
  }

  /**
   * @param writeContacts writes the contact lists into a folder that becomes visible once all of it is there
   * @throws CAMPAIGN_REFUSED if it has been started already
   */
  async addStart(start: CampaignStart, writeContacts: (folder: string) => Promise<void>): Promise<string> {
    const campaign = join(this.#folder, start.campaign_id);
    const added = await this.#addFolder(campaign, 'started', async (aside) => {
      await writeContacts(aside);
      await writeJson(join(aside, 'start.json'), start);
    });
    if (added === 'taken') throw startedAlready(start.campaign_id);
    return join(campaign, 'started');
  }

  /** @throws UNKNOWN_CAMPAIGN, CAMPAIGN_CORRUPT */
  async read(campaignId: string): Promise<Campaign> {
    const ids = await this.#ids();
    if (!ids.includes(campaignId)) {
      const known = ids.slice(0, 5).join(', ');
      throw new ChurnMcpError('UNKNOWN_CAMPAIGN', `There is no campaign ${quoted(campaignId)}.`, {
        hint: known === '' ? 'plan_campaign makes one.' : `The newest campaigns: ${known}.`,
      });
    }
    const folder = join(this.#folder, campaignId);
    const plan = await readJson(join(folder, 'plan.json'), campaignId, campaignPlanSchema);
    const startFile = join(folder, 'started', 'start.json');
    const start = (await exists(join(folder, 'started')))
      ? await readJson(startFile, campaignId, campaignStartSchema)
      : undefined;
    return { plan, start };
  }

  async list(): Promise<CampaignList> {
    const campaigns: Campaign[] = [];
    const damaged: DamagedCampaign[] = [];
    for (const campaignId of await this.#ids()) {
      try {
        campaigns.push(await this.read(campaignId));
      } catch (error) {
        if (!(error instanceof ChurnMcpError && error.code === 'CAMPAIGN_CORRUPT')) throw error;
        damaged.push({ campaignId, folder: join(this.#folder, campaignId), error });
      }
    }
    return { campaigns, damaged };
  }

  /** Newest first: ids sort as their times do. */
  async #ids(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .filter((name) => CAMPAIGN_ID_PATTERN.test(name))
      .sort()
      .reverse();
  }

  async #addFolder(
    parent: string,
    name: string,
    fill: (aside: string) => Promise<void>,
  ): Promise<'renamed' | 'taken'> {
    return withFolderAside(parent, async (aside) => {
      await fill(aside);
      return renameUnlessTaken(aside, join(parent, name));
    });
  }
}

export function newCampaignId(now: Date): string {
  return `c_${utcStamp(now)}_${randomBytes(2).toString('hex')}`;
}

export function startedAlready(campaignId: string): ChurnMcpError {
  return new ChurnMcpError('CAMPAIGN_REFUSED', `The campaign ${campaignId} has been started already.`, {
    hint: 'get_campaign_results shows how it goes. plan_campaign plans another one.',
  });
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await writeNewFile(file, `${JSON.stringify(content)}\n`);
  await writeChecksum(file, file);
}

async function readJson<Content>(
  file: string,
  campaignId: string,
  schema: z.ZodType<Content>,
): Promise<Content> {
  const state = await stateOfFile(file);
  if (state !== 'intact') throw damagedFile(file, campaignId, state);
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw damagedFile(file, campaignId, 'damaged', error);
  }
}

function damagedFile(file: string, campaignId: string, state: string, cause?: unknown): ChurnMcpError {
  const name = file.slice(file.indexOf(campaignId));
  const what =
    state === 'missing' ? 'is missing' : 'is not what was written: it is damaged, or somebody edited it';
  return new ChurnMcpError('CAMPAIGN_CORRUPT', `The file campaigns/${name} ${what}.`, {
    hint: 'Restore it from a backup. Without it nobody knows who was held out. "churn-mcp doctor --repair" sets the campaign aside.',
    cause,
  });
}
