/** What lies in the folders of a home, and churn-mcp did not make. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CAMPAIGN_ID_PATTERN } from '../campaigns/campaign-plan.ts';
import { isContactList } from '../campaigns/contact-list.ts';
import { BUILDING_FOLDER } from '../data/duckdb/snapshot-sweeper.ts';
import { TABLE_FILE_NAME } from '../data/feature-table/feature-table-layout.ts';
import { SNAPSHOT_FILE_NAME } from '../data/home-layout.ts';
import { ASIDE_NAME } from '../files/aside.ts';
import { KEPT_FILE_NAME } from '../files/kept-file.ts';
import { HOME_FOLDERS } from '../files/private-home.ts';
import { isLogFile } from '../ingest/log-layout.ts';
import { ALIASES_FILE } from '../registry/aliases-file.ts';
import { REGISTERED_MODELS } from '../registry/model-card.ts';
import { VERSION_FILES } from '../registry/version-folder.ts';
import { isVersionName } from '../registry/version-name.ts';
import { PREDICTION_FILE_NAME } from '../scoring/prediction-log.ts';
import { JOB_FILE_NAME } from '../server/job-files.ts';

/** A folder's own names: those of files, and those of folders with what may lie in them. */
interface Known {
  readonly file?: (name: string) => boolean;
  readonly folder?: (name: string) => Known | 'anything' | undefined;
}

const isModel = (name: string) => REGISTERED_MODELS.some((model) => model === name);
const withSum = (is: (name: string) => boolean) => (name: string) => is(name.replace(/\.sha256$/, ''));

const VERSION: Known = { file: (name) => VERSION_FILES.some((file) => file === name) };
const SNAPSHOTS: Known = { file: (name) => SNAPSHOT_FILE_NAME.test(name) };
const DAYS: Known = { file: withSum((name) => PREDICTION_FILE_NAME.test(name)) };
const VERSIONS_OF_DAYS: Known = { folder: (name) => (isVersionName(name) ? DAYS : undefined) };
const MODEL: Known = {
  file: (name) => name === ALIASES_FILE,
  folder: (name) => (isVersionName(name) ? VERSION : undefined),
};
const KEPT: Known = { file: withSum((name) => KEPT_FILE_NAME.test(name)) };
const BUILDING: Known = { folder: (name) => (BUILDING_FOLDER.test(name) ? 'anything' : undefined) };

const STARTED: Known = {
  file: (name) => withSum((file) => file === 'start.json')(name) || isContactList(name),
};
const CAMPAIGN: Known = {
  file: withSum((name) => name === 'plan.json'),
  folder: (name) => (name === 'started' ? STARTED : undefined),
};

const IN_DATA: Readonly<Record<string, Known>> = {
  snapshots: SNAPSHOTS,
  rejects: SNAPSHOTS,
  building: BUILDING,
};

/** Other things may lie in the home folder itself. */
const OURS: Readonly<Record<(typeof HOME_FOLDERS)[number], Known>> = {
  data: { file: (name) => name === 'current.json' || name === 'flip.lock', folder: (name) => IN_DATA[name] },
  registry: { folder: (name) => (isModel(name) ? MODEL : undefined) },
  table: { file: withSum((name) => name === 'current.json' || TABLE_FILE_NAME.test(name)) },
  predictions: { folder: (name) => (isModel(name) ? VERSIONS_OF_DAYS : undefined) },
  campaigns: { folder: (name) => (CAMPAIGN_ID_PATTERN.test(name) ? CAMPAIGN : undefined) },
  offers: KEPT,
  scores: KEPT,
  jobs: { file: (name) => JOB_FILE_NAME.test(name) },
  log: { file: isLogFile },
  alerts: { file: (name) => name === 'state.json' || name === 'alerts.lock' },
  // Lists for people, who may name and keep their own there.
  exports: { file: () => true, folder: () => 'anything' },
};

/** Their paths within the home folder, sorted. A folder that is not ours is named, and not looked into. */
export async function foreignFiles(home: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of HOME_FOLDERS) found.push(...(await foreignIn(home, name, OURS[name])));
  return found.sort();
}

async function foreignIn(home: string, folder: string, known: Known): Promise<string[]> {
  const entries = await readdir(join(home, folder), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (ASIDE_NAME.test(entry.name)) continue;
    const within = entry.isDirectory() ? known.folder?.(entry.name) : undefined;
    if (within !== undefined && within !== 'anything') found.push(...(await foreignIn(home, path, within)));
    const isOurs = within !== undefined || (entry.isFile() && known.file?.(entry.name) === true);
    if (!isOurs) found.push(path);
  }
  return found;
}
