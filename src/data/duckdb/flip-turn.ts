import { setTimeout as sleep } from 'node:timers/promises';
import { homeLayout } from '../home-layout.ts';
import { tryLock } from './file-lock.ts';

const POLL_MS = 10;
/** A turn lasts milliseconds. A process that holds it for so long was stopped, and must not stop all others. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Runs `work` while no other process makes a snapshot current, so that a build may look at what is current and replace it
 * in one step.
 */
export async function withFlipTurn(home: string, work: () => Promise<void>): Promise<void> {
  const file = homeLayout(home).flipLock;
  const start = performance.now();
  let lock = await tryLock(file);
  while (lock === undefined && performance.now() - start < LONGEST_WAIT_MS) {
    await sleep(POLL_MS);
    lock = await tryLock(file);
  }
  try {
    await work();
  } finally {
    await lock?.[Symbol.asyncDispose]();
  }
}
