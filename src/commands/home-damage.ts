/** What is damaged in a home folder, found by checksum, and how each part is repaired without deleting anything. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CampaignHome } from '../campaigns/campaign-home.ts';
import { DuckDBDataSource } from '../data/duckdb/duckdb-data-source.ts';
import { withFlipTurn } from '../data/duckdb/flip-turn.ts';
import { readTablePointer } from '../data/feature-table/feature-table-home.ts';
import { featureTableLayout } from '../data/feature-table/feature-table-layout.ts';
import { flipPointer, homeLayout, readPointer, SNAPSHOT_FILE_NAME } from '../data/home-layout.ts';
import { SNAPSHOT_FORMAT } from '../data/snapshot-format.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { type FileState, stateOfFile } from '../files/checksum.ts';
import { exists } from '../files/durable-files.ts';
import { setAside } from '../files/set-aside.ts';
import { damageOfLog } from '../ingest/log-cursor.ts';
import { positionOf } from '../ingest/refresh.ts';
import { ALIASES_FILE } from '../registry/aliases-file.ts';
import { loadChampion } from '../registry/champion.ts';
import { REGISTERED_MODELS, type RegisteredModel } from '../registry/model-card.ts';
import {
  CHAMPION,
  type ModelRegistry,
  REGISTRY_FOLDER,
  type RegistrySurvey,
} from '../registry/model-registry.ts';
import { damagedPredictionFiles } from '../scoring/prediction-log.ts';

/** The parts of a home folder that may be damaged, as `doctor` names them and in its order. */
export const HOME_PARTS = ['Data', 'Table', 'Models', 'Predictions', 'Campaigns', 'Log'] as const;

export type HomePart = (typeof HOME_PARTS)[number];

export interface Damage {
  readonly part: HomePart;
  readonly text: string;
  /** Sets the damaged files aside, and goes back to the last good snapshot or version. Says what it did. */
  repair(): Promise<string>;
}

/** @param survey of the registry, if the caller has one */
export async function findDamage(
  home: string,
  registry: ModelRegistry,
  signal: AbortSignal,
  survey?: RegistrySurvey,
): Promise<Damage[]> {
  return [
    ...(await damageOfData(home, signal)),
    ...(await damageOfTable(home, signal)),
    ...(await damageOfPredictions(home, signal)),
    ...(await damageOfCampaigns(home)),
    ...(await damageOfRows(home)),
    ...(await damageOfModels(home, registry, survey ?? (await registry.survey()))),
  ];
}

async function damageOfData(home: string, signal: AbortSignal): Promise<Damage[]> {
  const layout = homeLayout(home);
  const pointer = await unlessCorrupt(() => readPointer(home));
  if (pointer === 'corrupt') {
    const text = 'data/current.json is damaged, so it is unknown which snapshot is current.';
    return [{ part: 'Data', text, repair: () => goBack(home, [layout.pointer], signal) }];
  }
  if (pointer === undefined) return [];
  const found = await damageOfEarlierData(home, pointer.snapshot, signal);
  const file = layout.snapshot(pointer.snapshot);
  const state = await stateOfFile(file, signal);
  if (isSound(state)) return found;
  const text = `the current snapshot ${pointer.snapshot} is ${state}.`;
  return [{ part: 'Data', text, repair: () => goBack(home, [layout.pointer, file], signal) }, ...found];
}

/** Nothing reads earlier data, but a repair of the current data would go back to it. */
async function damageOfEarlierData(home: string, current: string, signal: AbortSignal): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const id of await snapshotsIn(home)) {
    const file = homeLayout(home).snapshot(id);
    if (id === current || (await stateOfFile(file, signal)) !== 'damaged') continue;
    found.push({
      part: 'Data',
      text: `the earlier snapshot ${id} is damaged.`,
      async repair() {
        await setAsideAll(home, [file]);
        return `the snapshot ${id} is in set-aside.`;
      },
    });
  }
  return found;
}

/** The ids of all snapshots, newest first. */
async function snapshotsIn(home: string): Promise<string[]> {
  const names = await readdir(homeLayout(home).snapshots).catch(() => []);
  return names
    .filter((name) => name.endsWith('.duckdb'))
    .flatMap((name) => SNAPSHOT_FILE_NAME.exec(name)?.groups?.id ?? [])
    .sort()
    .reverse();
}

/** Makes the newest snapshot current that this version can read and that its checksum shows to be whole. */
async function goBack(home: string, damaged: readonly string[], signal: AbortSignal): Promise<string> {
  const layout = homeLayout(home);
  await setAsideAll(home, damaged);
  for (const id of await snapshotsIn(home)) {
    if (!(await isUsable(layout.snapshot(id), layout.data, signal))) continue;
    await withFlipTurn(home, async () => void (await flipPointer(home, id)));
    return `damaged files are in set-aside; the snapshot ${id} is current again.`;
  }
  return 'damaged files are in set-aside, and no other snapshot is whole and of this version. Import the orders again: churn-mcp import --orders FILE';
}

async function isUsable(file: string, spillIn: string, signal: AbortSignal): Promise<boolean> {
  if ((await stateOfFile(file, signal)) !== 'intact') return false;
  try {
    await using source = await DuckDBDataSource.open(file, spillIn);
    const query = { file: 'duckdb/snapshot/read_format', values: [], signal } as const;
    const [row] = await source.rows(query, z.object({ format: z.coerce.number() }));
    return row?.format === SNAPSHOT_FORMAT;
  } catch (error) {
    throwIfAborted(signal);
    // Snapshots of earlier versions do not name their format.
    if (error instanceof ChurnMcpError) return false;
    throw error;
  }
}

async function damageOfTable(home: string, signal: AbortSignal): Promise<Damage[]> {
  const { pointer: pointerFile, file: pathOf } = featureTableLayout(home);
  const again = 'Import it again with: churn-mcp import --features FILE --id COLUMN --target COLUMN';
  const damage = (text: string, files: readonly string[]): Damage => ({
    part: 'Table',
    text,
    async repair() {
      await setAsideAll(home, files);
      return `damaged files are in set-aside. ${again}`;
    },
  });
  const pointer = await unlessCorrupt(() => readTablePointer(home));
  if (pointer === 'corrupt') return [damage('table/current.json is damaged.', [pointerFile])];
  if (pointer === undefined) return [];
  const file = pathOf(pointer.file);
  const state = await stateOfFile(file, signal);
  if (isSound(state)) return [];
  return [damage(`the table of customers is ${state}.`, [pointerFile, file])];
}

async function damageOfPredictions(home: string, signal: AbortSignal): Promise<Damage[]> {
  const files = await damagedPredictionFiles(home, signal);
  return files.map((file) => ({
    part: 'Predictions',
    text: `the kept predictions ${basename(file)} are damaged.`,
    async repair() {
      await setAsideAll(home, [file]);
      return `${basename(file)} is in set-aside.`;
    },
  }));
}

async function damageOfCampaigns(home: string): Promise<Damage[]> {
  const { damaged } = await new CampaignHome(home).list();
  return damaged.map(({ campaignId, folder, error }) => ({
    part: 'Campaigns',
    text: error.message,
    async repair() {
      await setAsideAll(home, [folder]);
      return `the campaign ${campaignId} is in set-aside. Nobody can measure it without that file.`;
    },
  }));
}

/** Of damaged data it is not known which rows it holds; it is repaired first, and the log at the next look. */
async function damageOfRows(home: string): Promise<Damage[]> {
  const after = await unlessCorrupt(() => positionOf(home));
  const damage = after === 'corrupt' ? undefined : await damageOfLog(home, after);
  if (damage === undefined) return [];
  const text = damage.error.message;
  return [
    {
      part: 'Log',
      text,
      async repair() {
        await setAsideAll(home, damage.files);
        return `${damage.files.map((file) => basename(file)).join(', ')} ${damage.files.length === 1 ? 'is' : 'are'} in set-aside. Channels begin again at the tokens of before: let their senders send again what came later. Start running servers again.`;
      },
    },
  ];
}

async function damageOfModels(
  home: string,
  registry: ModelRegistry,
  { sound, damaged }: RegistrySurvey,
): Promise<Damage[]> {
  const found: Damage[] = [];
  const add = (text: string, model: RegisteredModel, name: string) => {
    const path = join(home, REGISTRY_FOLDER, model, name);
    found.push({ part: 'Models', text, repair: () => goBackTo(home, registry, model, path) });
  };
  for (const { model, version, error } of damaged) add(error.message, model, version ?? ALIASES_FILE);
  for (const { card } of sound) {
    const problem = await problemOf(() => registry.load(card.model, card.version));
    if (problem !== undefined) add(problem, card.model, card.version);
  }
  for (const model of REGISTERED_MODELS) {
    const champion = await loadChampion(registry, model);
    // The alias is whole and names a version that is gone.
    if (champion.kind === 'unusable' && champion.error.code === 'UNKNOWN_VERSION') {
      add(champion.error.message, model, ALIASES_FILE);
    }
  }
  return found;
}

/** Sets a version or the aliases aside. If the champion is gone, the newest whole version becomes the champion. */
async function goBackTo(
  home: string,
  registry: ModelRegistry,
  model: RegisteredModel,
  path: string,
): Promise<string> {
  const done = `${model}: ${basename(path)} is in set-aside.`;
  await setAsideAll(home, [path]);
  if ((await problemOf(() => registry.load(model))) === undefined) return done;
  for (const { card } of await registry.list(model)) {
    if ((await problemOf(() => registry.load(model, card.version))) !== undefined) continue;
    await registry.setAlias(model, CHAMPION, card.version);
    return `${done} Its champion is ${card.version} now.`;
  }
  return `${done} Every other version is damaged or gone: train again.`;
}

async function problemOf(load: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await load();
    return undefined;
  } catch (error) {
    if (!(error instanceof ChurnMcpError)) throw error;
    return error.message;
  }
}

async function unlessCorrupt<Content>(read: () => Promise<Content>): Promise<Content | 'corrupt'> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ChurnMcpError && error.code === 'SNAPSHOT_CORRUPT') return 'corrupt';
    throw error;
  }
}

function isSound(state: FileState): boolean {
  return state === 'intact' || state === 'unchecked';
}

async function setAsideAll(home: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) if (await exists(path)) await setAside(home, path);
}
