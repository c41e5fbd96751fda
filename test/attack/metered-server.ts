/** Servers over HTTP under the meter of their event loop. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newTestHome } from '../helpers/snapshot.ts';
import { CLI, type MeteredProcess, startMetered } from './metered-process.ts';

const MOST_DELAY_MS = 100;
/** By how much a process that only waits is late on a calm machine. A busier one allows as many times more. */
const CALM_MS = 12;

export async function startMeteredServer(
  env: Record<string, string>,
): Promise<{ server: MeteredProcess; url: URL }> {
  const server = startMetered([CLI, 'http', '--port', '0'], { CHURN_MCP_LOG_LEVEL: 'error', ...env });
  for (;;) {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(server.said())?.[0];
    if (found !== undefined) return { server, url: new URL(found) };
    await delay(50);
  }
}

/** A process that only waits: by how much its loop is late tells how busy the machine itself is. */
export async function startIdler(): Promise<MeteredProcess> {
  const script = join(await newTestHome(), 'idler.mjs');
  writeFileSync(script, 'setInterval(() => {}, 1000);');
  return startMetered([script]);
}

/** @param idleMs by how much the loop of the idler was late meanwhile (99th percentile) */
export function mostDelayMs(idleMs: number): number {
  return MOST_DELAY_MS * Math.max(1, idleMs / CALM_MS);
}
