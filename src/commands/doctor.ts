import { randomBytes } from 'node:crypto';
import { readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFeatureTable, readTableSummary } from '../data/feature-table/feature-table-home.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { makeFolder } from '../files/folders.ts';
import { formatCount, plural } from '../mcp/format.ts';
import { packageRoot } from '../package-root.ts';
import { loadChampion } from '../registry/champion.ts';
import { REGISTERED_MODELS, type RegisteredModel } from '../registry/model-card.ts';
import type { ModelRegistry } from '../registry/model-registry.ts';
import { loadOnnxRuntime } from '../scoring/onnx-runtime.ts';
import { plainText } from '../text/plain-text.ts';
import { quoted } from '../text/quoted.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';

/** A failure names the fix; a note needs none. */
interface Finding {
  readonly state: 'ok' | 'note' | 'failed';
  readonly text: string;
}

interface Check {
  readonly name: string;
  readonly run: (context: CommandContext) => Promise<Finding | readonly Finding[]>;
  /** Checks inside a home folder that cannot be used would only repeat that error, so they are left out. */
  readonly needsHome?: true;
}

const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 ** 30;
/** Bytes of a test file: a full disk still takes an empty file, but not this one. */
const PROBE = Buffer.alloc(65_536, 1);

const HOME_CHECK = 'Home folder';
const CHECKS: readonly Check[] = [
  { name: 'Node.js', run: async () => checkNode(process.versions.node) },
  { name: 'DuckDB', run: () => checkModule(() => import('@duckdb/node-api')) },
  { name: 'ONNX runtime', run: () => checkModule(loadOnnxRuntime) },
  { name: 'Training kernel', run: checkKernel },
  { name: HOME_CHECK, run: checkHome },
  { name: 'Snowflake', run: checkSnowflake },
  { name: 'Ray', run: checkRay },
  { name: 'Data', run: checkData, needsHome: true },
  { name: 'Table', run: checkTable, needsHome: true },
  { name: 'Models', run: checkModels, needsHome: true },
  { name: 'Files', run: checkFiles, needsHome: true },
];

const MARKS = { ok: 'ok    ', note: 'note  ', failed: 'FAILED' } as const;

export interface DoctorFlags extends CommonFlags {
  readonly repair?: boolean;
}

/** Checks everything churn-mcp needs; exit code 3 if something is broken. With `--repair` it repairs damage first. */
export function runDoctor(flags: DoctorFlags, environment: CommandEnvironment): Promise<number> {
  return withServices(environment, flags, async (context) => {
    const failed = new Set<string>();
    if (flags.repair) await repairHome(context);
    for (const { name, run, needsHome } of CHECKS) {
      if (needsHome && failed.has(HOME_CHECK)) continue;
      throwIfAborted(context.signal);
      const findings = [await run(context).catch(failure)].flat();
      for (const { state, text } of findings) {
        if (state === 'failed') failed.add(name);
        context.print(`${MARKS[state]}  ${name}: ${text}`);
      }
    }
    return failed.size > 0 ? 3 : 0;
  });
}

async function repairHome({ config: { home }, services, signal, print }: CommandContext): Promise<void> {
  const { findDamage } = await import('./home-damage.ts');
  for (const { part, text, repair } of await findDamage(home, services.registry, signal)) {
    throwIfAborted(signal);
    print(`mended  ${part}: ${text} Repaired: ${await repair()}`);
  }
}

/** Every file that has a checksum. */
async function checkFiles({ config: { home }, services, signal }: CommandContext): Promise<Finding[]> {
  const { findDamage } = await import('./home-damage.ts');
  const all = await findDamage(home, services.registry, signal);
  // The check of models has already reported damaged ones.
  const damage = all.filter(({ part }) => part !== 'Models');
  if (damage.length === 0) return [{ state: 'ok', text: 'all checksums match' }];
  return damage.map(({ part, text }) => ({
    state: 'failed',
    text: `${part}: ${text} "churn-mcp doctor --repair" sets it aside and goes back to the newest undamaged version.`,
  }));
}

function failure(error: unknown): Finding {
  if (!(error instanceof ChurnMcpError)) {
    const what = error instanceof Error ? error.message : String(error);
    return { state: 'failed', text: `${what}. This is a fault of churn-mcp: please report it.` };
  }
  const text = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return { state: error.code === 'NO_DATA' ? 'note' : 'failed', text };
}

/** Checks nothing if the orders are imported. */
async function checkSnowflake({ config, signal }: CommandContext): Promise<readonly Finding[]> {
  if (config.snowflake === undefined) return [];
  const { checkSnowflake } = await import('../snowflake/snowflake-checks.ts');
  return checkSnowflake(config.snowflake, signal);
}

/** Checks nothing if no cluster is configured. */
async function checkRay({ config: { ray }, signal }: CommandContext): Promise<readonly Finding[]> {
  if (ray === undefined) return [];
  const { checkCluster } = await import('../training/backend/ray/cluster-check.ts');
  const version = await checkCluster(ray, signal);
  const rows =
    ray.storage === undefined ? 'rows travel with the job' : `rows go to ${plainText(ray.storage, 200)}`;
  return [{ state: 'ok', text: `${plainText(version, 20)} answers at ${ray.address.origin}; ${rows}` }];
}

export function checkNode(version: string): Finding {
  const [major, minor] = version.split('.').map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isEnough
    ? { state: 'ok', text: version }
    : { state: 'failed', text: `${version} is too old. Install Node.js ${LEAST_NODE.join('.')} or newer.` };
}

async function checkModule(load: () => Promise<unknown>): Promise<Finding> {
  try {
    await load();
    return { state: 'ok', text: 'loads' };
  } catch {
    return {
      state: 'failed',
      text: 'the native module does not load. Run "npm ci" again on this machine, so that it fits its platform.',
    };
  }
}

async function checkKernel(): Promise<Finding> {
  try {
    await WebAssembly.compile(await readFile(join(packageRoot(), 'dist', 'kernel.wasm')));
    return { state: 'ok', text: 'built' };
  } catch {
    return { state: 'failed', text: 'missing or damaged. Run "npm run build".' };
  }
}

async function checkHome({ config: { home } }: CommandContext): Promise<Finding> {
  const probe = join(home, `.doctor-${randomBytes(4).toString('hex')}`);
  try {
    await makeFolder(home);
    await writeFile(probe, PROBE);
    const { bavail, bsize } = await statfs(home);
    const free = bavail * bsize;
    return {
      state: free < LEAST_FREE_BYTES ? 'note' : 'ok',
      text: `${home}, ${(free / 2 ** 30).toFixed(1)} GB free`,
    };
  } catch {
    return {
      state: 'failed',
      text: `${home} cannot be written. Change its permissions, or set CHURN_MCP_HOME to another folder.`,
    };
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

async function checkData({ services }: CommandContext): Promise<Finding> {
  const data = await services.data.current();
  const summary = await data.summary();
  const missing = [
    ...(summary.hasItems ? [] : ['no order lines, so no recommendations (import --order-items)']),
    ...(summary.hasCatalog ? [] : ['no product catalogue (import --products)']),
  ];
  const counts = `${plural(summary.orders, 'order')} of ${plural(summary.customers, 'customer')}, ${plural(summary.orderItems, 'line')}, ${plural(summary.products, 'product')}, ${summary.firstOrderDate} to ${summary.lastOrderDate}`;
  return { state: missing.length > 0 ? 'note' : 'ok', text: [counts, ...missing].join('; ') };
}

/** Most homes have no table of customers, so its absence is not mentioned. */
async function checkTable({ config: { home }, signal }: CommandContext): Promise<readonly Finding[]> {
  if ((await readTableSummary(home)) === undefined) return [];
  const { summary } = await readFeatureTable(home, signal);
  const columns = plural(summary.columns.length, 'column');
  return [
    {
      state: 'ok',
      text: `${plural(summary.rows, 'customer')}, ${columns}, target ${quoted(summary.target)}`,
    },
  ];
}

async function checkModels({ services: { registry } }: CommandContext): Promise<readonly Finding[]> {
  const checked = await Promise.all(REGISTERED_MODELS.map((model) => checkVersions(registry, model)));
  const sound = checked.reduce((sum, { sound }) => sum + sound, 0);
  const damaged = checked.flatMap(({ damaged }) => damaged);
  if (damaged.length > 0) return damaged;
  if (sound > 0) return [{ state: 'ok', text: `${formatCount(sound)} registered, all checksums match` }];
  return [{ state: 'note', text: 'none yet. "churn-mcp call train_churn_model" trains one.' }];
}

/** Every version of one model: a damaged version hides no other. */
async function checkVersions(registry: ModelRegistry, model: RegisteredModel) {
  const damaged = (await registry.damaged(model)).map(({ error }) => failure(error));
  let sound = 0;
  const versions = await registry.list(model);
  const state = await loadChampion(registry, model);
  if (state.kind === 'unusable' && damaged.length === 0) damaged.push(failure(state.error));
  for (const { card } of versions) {
    try {
      await registry.load(model, card.version);
      sound += 1;
    } catch (error) {
      damaged.push(failure(error));
    }
  }
  return { sound, damaged };
}
