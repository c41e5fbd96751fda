import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';

const figuresSchema = z.object({ p99: z.number(), max: z.number(), work: z.number() });

export interface MeteredProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Milliseconds by which the event loop was late since the last reading, and of its longest work without a break. */
  loopDelay(): Promise<z.infer<typeof figuresSchema>>;
  /** What it wrote to standard error so far. */
  said(): string;
  /** Resident memory, in megabytes. */
  memory(): number;
  openFiles(): number;
}

/** Starts a script of ours under the meter of its event loop. */
export function startMetered(args: readonly string[], env: Record<string, string> = {}): MeteredProcess {
  const meter = join(packageRoot(), 'test', 'attack', 'loop-meter.mjs');
  const child = spawn(process.execPath, ['--import', meter, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    said: () => said,
    async loopDelay() {
      const seen = said.length;
      child.kill('SIGUSR2');
      for (;;) {
        const found = /LOOP (\{.*\})\n/.exec(said.slice(seen))?.at(1);
        if (found !== undefined) return figuresSchema.parse(JSON.parse(found));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    openFiles: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export const CLI = join(packageRoot(), 'dist', 'cli.js');
