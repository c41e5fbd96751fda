import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../data/durable-file.ts';
import { ChurnMcpError } from '../errors.ts';
import { formatCount, plural } from '../mcp/format.ts';
import { packageRoot } from '../package-root.ts';
import { loadOnnxRuntime } from '../scoring/onnx-runtime.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';

/** A failure names the fix; a note is nothing to mend. */
interface Finding {
  readonly state: 'ok' | 'note' | 'failed';
  readonly text: string;
}

interface Check {
  readonly name: string;
  readonly run: (context: CommandContext) => Promise<Finding>;
}

const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 ** 30;

const CHECKS: readonly Check[] = [
  { name: 'Node.js', run: async () => checkNode(process.versions.node) },
  { name: 'DuckDB', run: () => checkModule(() => import('@duckdb/node-api')) },
  { name: 'ONNX runtime', run: () => checkModule(loadOnnxRuntime) },
  { name: 'Training kernel', run: async () => checkKernel() },
  { name: 'Home folder', run: checkHome },
  { name: 'Data', run: checkData },
  { name: 'Models', run: checkModels },
];

/** Looks at everything churn-mcp needs; exit code 3 where something is broken. */
export function runDoctor(flags: CommonFlags, environment: CommandEnvironment): Promise<number> {
  return withServices(environment, flags, async (context) => {
    let isBroken = false;
    for (const { name, run } of CHECKS) {
      const { state, text } = await run(context).catch(failure);
      isBroken ||= state === 'failed';
      context.print(
        `${state === 'failed' ? 'FAILED' : state === 'ok' ? 'ok    ' : 'note  '}  ${name}: ${text}`,
      );
    }
    return isBroken ? 3 : 0;
  });
}

function failure(error: unknown): Finding {
  if (!(error instanceof ChurnMcpError)) throw error;
  const text = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return { state: error.code === 'NO_DATA' ? 'note' : 'failed', text };
}

function checkNode(version: string): Finding {
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
      text: 'the native module does not load. Run "npm ci" again on this machine, for its own platform.',
    };
  }
}

function checkKernel(): Finding {
  return existsSync(join(packageRoot(), 'dist', 'kernel.wasm'))
    ? { state: 'ok', text: 'built' }
    : { state: 'failed', text: 'not built. Run "npm run build".' };
}

async function checkHome({ config: { home } }: CommandContext): Promise<Finding> {
  const probe = join(home, `.doctor-${randomBytes(4).toString('hex')}`);
  try {
    await makeFolder(home);
    await writeFile(probe, '');
  } catch {
    return {
      state: 'failed',
      text: `${home} cannot be written. Change its permissions, or set CHURN_MCP_HOME to another folder.`,
    };
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  return {
    state: free < LEAST_FREE_BYTES ? 'note' : 'ok',
    text: `${home}, ${(free / 2 ** 30).toFixed(1)} GB free`,
  };
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

async function checkModels({ services }: CommandContext): Promise<Finding> {
  const versions = await services.registry.list();
  if (versions.length === 0) {
    return { state: 'note', text: 'none yet. "churn-mcp call train_churn_model" trains one.' };
  }
  for (const { card } of versions) await services.registry.load(card.model, card.version);
  return { state: 'ok', text: `${formatCount(versions.length)} registered, all checksums match` };
}
