import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { TOOLS } from '../../tools/index.ts';
import { type HttpFlags, parsePort, readConfig } from '../config.ts';
import { writeNewFile } from '../files/durable-files.ts';
import { withTemporaryFolder } from '../files/temporary-folder.ts';
import { parseHttpConfig } from '../http-config.ts';
import { createLog } from '../log.ts';
import { offeredTools } from '../mcp/offered-tools.ts';
import { type CommandEnvironment, type CommonFlags, openJobs, servicesOf } from './command-context.ts';
import { startCalls } from './start-calls.ts';

export interface DashboardFlags extends CommonFlags, Pick<HttpFlags, 'port'> {
  /** False with --no-open. */
  readonly open: boolean;
  readonly json?: boolean;
}

/** Serves the dashboard to this machine alone, behind a secret of its own, and opens it in a browser. */
export async function runDashboard(
  flags: DashboardFlags,
  { signal, stdout, version }: CommandEnvironment,
): Promise<number> {
  const config = readConfig(flags);
  const tools = offeredTools(TOOLS, config);
  const token = randomBytes(24).toString('base64url');
  const http = parseHttpConfig({ host: '127.0.0.1', port: parsePort(flags.port ?? '0'), token });
  const { startHttpServer } = await import('../server/http/http-server.ts');
  await using services = servicesOf(config);
  const log = createLog(config.logLevel === 'debug' ? 'debug' : 'error');
  const jobs = openJobs(config, log);
  await using calls = startCalls(flags, 'local', log);
  const options = { services, tools, readOnly: config.readOnly, log, version, jobs, calls };
  await using server = await startHttpServer({ ...options, config: http });
  const page = new URL('/dashboard', server.url);
  // A browser sends no server what follows the hash, and the page takes it out of the address.
  page.hash = new URLSearchParams({ token }).toString();
  stdout.write(`${flags.json === true ? JSON.stringify({ url: page.href }) : page.href}\n`);
  process.stderr.write('The dashboard is at the address above. Ctrl-C ends it.\n');
  if (!flags.open) await untilAborted(signal);
  else {
    await withTemporaryFolder(async (folder) => {
      await openInBrowser(page, folder);
      await untilAborted(signal);
    });
  }
  return 0;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** If no browser opens, the person can copy the printed address. */
async function openInBrowser(page: URL, folder: string): Promise<void> {
  const { default: open } = await import('open');
  const child = await open(await writeOpener(page, folder)).catch(() => undefined);
  child?.once('error', () => undefined);
}

/**
 * Writes a page that leads to the address and that only this user can read. Other users can see the browser's arguments,
 * so the address with its secret must not be one of them.
 */
export async function writeOpener(page: URL, folder: string): Promise<string> {
  const file = join(folder, 'open.html');
  await writeNewFile(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${page.href}">\n`);
  return file;
}
