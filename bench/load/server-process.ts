import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';

export const CLI = join(packageRoot(), 'dist', 'cli.js');

export interface ServerProcess extends AsyncDisposable {
  readonly url: URL;
  readonly pid: number;
  /** What it wrote to standard error. */
  said(): string;
}

/** The HTTP server over a home, as a process of its own. */
export async function startServer(
  home: string,
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<ServerProcess> {
  const nodeFlags = (process.env.LOAD_NODE_FLAGS ?? '').split(' ').filter((flag) => flag !== '');
  const child = spawn(
    process.execPath,
    [...nodeFlags, CLI, 'http', '--port', '0', '--json', '--home', home, ...flags],
    {
      env: { ...process.env, CHURN_MCP_LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', () => reject(new Error(said)));
  });
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(line));
  return {
    url: new URL('/', url),
    pid: child.pid ?? 0,
    said: () => said,
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGTERM');
  await Promise.race([closed, delay(20_000).then(() => child.kill('SIGKILL'))]);
}
