import { setTimeout as sleep } from 'node:timers/promises';
import { ChurnMcpError } from '../../errors.ts';
import { homeLayout } from '../home-layout.ts';
import { tryLock } from './file-lock.ts';

const POLL_MS = 10;
/** A turn lasts milliseconds, so a process that holds it for so long was stopped. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Runs `work` while no other process makes a snapshot current, so that a build may look at what is current and replace it
 * in one step. Nobody goes past a stopped holder: once it goes on, it would put older data in place of newer.
 *
 * @throws HOME_BUSY if another process holds the turn all the time
 */
export async function withFlipTurn(
  home: string,
  work: () => Promise<void>,
  longestWaitMs = LONGEST_WAIT_MS,
): Promise<void> {
  const file = homeLayout(home).flipLock;
  const start = performance.now();
  let lock = await tryLock(file);
  while (lock === undefined) {
    if (performance.now() - start > longestWaitMs) throw homeBusy();
    await sleep(POLL_MS);
    lock = await tryLock(file);
  }
  try {
    await work();
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

function homeBusy(): ChurnMcpError {
  return new ChurnMcpError(
    'HOME_BUSY',
    'Another process of churn-mcp is about to make its data current, and does not go on. Nothing was changed.',
    { hint: 'Let it go on (fg, kill -CONT) or end it: it was stopped. Then run this again.' },
  );
}
