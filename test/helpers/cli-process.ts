import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command line as a process of its own. */
export function startCli(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): ChildProcessWithoutNullStreams {
  return startScript(join(packageRoot(), 'dist', 'cli.js'), args, env, cwd);
}

/** The same of another build. */
export function startScript(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  const child = startCli(args, env);
  child.stdin.end();
  return collectCli(child);
}

/** What a process wrote until it ended, and how it ended. */
export async function collectCli(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  const [stdout, stderr, code] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
