import { randomBytes } from 'node:crypto';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDuckDB } from '../data/duckdb/load-duckdb.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { makeFolder } from '../files/folders.ts';
import { commandToAdd, isInstalled, NEEDED_BY, OPTIONAL_PACKAGES } from '../optional-package.ts';
import { loadOnnxRuntime } from '../scoring/onnx-runtime.ts';
import { openTreeWalker } from '../scoring/scoring-model.ts';
import { plainText } from '../text/plain-text.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { type Finding, failure } from './finding.ts';
import { checkHomeParts } from './home-checks.ts';
import { findDamage } from './home-damage.ts';

interface Check {
  readonly name: string;
  readonly run: (context: CommandContext) => Promise<Finding | readonly Finding[]>;
}

/** As `engines` in package.json says it. */
const SUPPORTED_NODE = '22.13, or 24 and newer';
/** Older ones lack what churn-mcp uses. */
const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 ** 30;
/** Bytes of a test file: a full disk still takes an empty file, but not this one. */
const PROBE = Buffer.alloc(65_536, 1);

const HOME_CHECK = 'Home folder';
const CHECKS: readonly Check[] = [
  { name: 'Node.js', run: async () => checkNode(process.versions.node) },
  { name: 'DuckDB', run: () => checkModule(async () => loadDuckDB()) },
  { name: 'ONNX runtime', run: () => checkModule(loadOnnxRuntime) },
  { name: 'Training kernel', run: checkKernel },
  { name: 'Optional packages', run: checkOptionalPackages },
  { name: HOME_CHECK, run: checkHome },
  { name: 'Snowflake', run: checkSnowflake },
  { name: 'Ray', run: checkRay },
];

const MARKS = { ok: 'ok    ', note: 'note  ', failed: 'FAILED' } as const;

export interface DoctorFlags extends CommonFlags {
  readonly repair?: boolean;
  readonly json?: boolean;
}

/** Checks everything churn-mcp needs; exit code 3 if something is broken. With `--repair` it repairs damage first. */
export function runDoctor(flags: DoctorFlags, environment: CommandEnvironment): Promise<number> {
  return withServices(environment, flags, async (given) => {
    const failed = new Set<string>();
    const said: { readonly check: string; readonly state: string; readonly text: string }[] = [];
    // With --json all findings are printed as one value at the end.
    const context = flags.json ? { ...given, print: () => undefined } : given;
    if (flags.repair) await repairHome(context);
    const say = (name: string, findings: readonly Finding[]) => {
      for (const { state, text } of findings) {
        if (state === 'failed') failed.add(name);
        said.push({ check: name, state, text });
        context.print(`${MARKS[state]}  ${name}: ${text}`);
      }
    };
    for (const { name, run } of CHECKS) {
      throwIfAborted(context.signal);
      say(name, [await run(context).catch(failure)].flat());
    }
    // Checks inside a home folder that cannot be used would only repeat that error.
    if (!failed.has(HOME_CHECK)) await checkHomeParts(context, say);
    if (flags.json) given.print(JSON.stringify({ sound: failed.size === 0, findings: said }, null, 2));
    return failed.size > 0 ? 3 : 0;
  });
}

async function repairHome({ config: { home }, services, signal, print }: CommandContext): Promise<void> {
  for (const { part, text, repair } of await findDamage(home, services.registry, signal)) {
    throwIfAborted(signal);
    print(`mended  ${part}: ${text} Repaired: ${await repair()}`);
  }
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
  if (major >= 24 || (major === 22 && minor >= 13)) return { state: 'ok', text: version };
  return major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
    ? { state: 'note', text: `${version} is no longer supported. Install Node.js ${SUPPORTED_NODE}.` }
    : { state: 'failed', text: `${version} is too old. Install Node.js ${SUPPORTED_NODE}.` };
}

async function checkModule(load: () => Promise<unknown>): Promise<Finding> {
  try {
    await load();
    return { state: 'ok', text: 'loads' };
  } catch (error) {
    if (error instanceof ChurnMcpError) return failure(error);
    return {
      state: 'failed',
      text: 'the native module does not load. Run "npm ci" again on this machine, so that it fits its platform.',
    };
  }
}

async function checkKernel(): Promise<Finding> {
  try {
    await openTreeWalker();
    return { state: 'ok', text: 'built' };
  } catch {
    return { state: 'failed', text: 'missing or damaged. Run "npm run build".' };
  }
}

/** Where one is missing and needed, the check of what needs it fails. */
async function checkOptionalPackages(): Promise<readonly Finding[]> {
  return OPTIONAL_PACKAGES.map((name) => ({
    state: 'ok',
    text: isInstalled(name)
      ? `${name} is installed`
      : `${name} is not installed. ${NEEDED_BY[name]} needs it: ${commandToAdd(name)}`,
  }));
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
