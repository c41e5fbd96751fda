/** Senders, refreshes and imports on one home that are killed or stopped at random moments: nothing acknowledged is lost, nothing counts twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli-process.ts';
import { AttackedHome, CHANNELS, type Disturbance, ROWS_PER_ROUND } from './attacked-home.ts';
import { leftoversIn } from './home-state.ts';
import { type Dice, diceOf, SCALE, SEED, TIMEOUT_MS } from './scale.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newAttackedHome(): AttackedHome {
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-log-kills-'));
  folders.push(folder);
  return new AttackedHome(folder);
}

const KILLED = (): Partial<Disturbance> => ({});
/** Longer than others wait for a turn that is shared, shorter than they wait for one that is not. */
const STOPPED = (dice: Dice): Partial<Disturbance> => ({ stoppedMs: 100 + dice(1900) });

/** One round: a sender and something else at the same time, each disturbed at some moment. */
async function attackOnce(attacked: AttackedHome, dice: Dice, kind: typeof STOPPED): Promise<string> {
  attacked.sent += ROWS_PER_ROUND;
  const channel = CHANNELS[dice(2)];
  const times = [
    { afterMs: 200 + dice(900), ...kind(dice) },
    { afterMs: 300 + dice(1500), ...kind(dice) },
  ] as const;
  const other = dice(3);
  const beside = [
    () => attacked.run(['refresh', '-q'], times[1]),
    () => attacked.run(['refresh', '-q'], times[1]),
    () => attacked.import(times[1]),
  ][other];
  await Promise.all([attacked.send(channel, times[0]), beside?.()]);
  return `ingest ${channel} ${JSON.stringify(times[0])}, ${other < 2 ? 'refresh' : 'import'} ${JSON.stringify(times[1])}`;
}

describe('a log whose senders, refreshes and imports are disturbed', () => {
  it.each([
    ['killed', KILLED, SCALE.kills],
    ['stopped for a while', STOPPED, SCALE.stops],
  ])(
    `keeps what was acknowledged, counts it once, and shows whole states, if they are %s`,
    {
      timeout: TIMEOUT_MS,
    },
    async (name, kind, rounds) => {
      const attacked = newAttackedHome();
      const dice = diceOf(`log ${name}`);
      attacked.sent = ROWS_PER_ROUND;
      await attacked.import();
      for (let round = 1; round <= rounds; round++) {
        const what = await attackOnce(attacked, dice, kind);
        const problems = await attacked.problems();
        expect(problems.map((problem) => `seed ${SEED}, round ${round}, ${what}: ${problem}`)).toEqual([]);
        if (round % 10 === 0) process.stderr.write(`log, ${name}: ${round} rounds\n`);
      }
      for (const channel of CHANNELS) await attacked.send(channel);
      await attacked.run(['refresh', '-q']);
      expect(await attacked.problems()).toEqual([]);
      expect(attacked.folded).toEqual({ a: attacked.sent, b: attacked.sent });
      const { stdout } = await runCli(['refresh'], { CHURN_MCP_HOME: attacked.home });
      expect(stdout).toBe('The data holds everything that is in the log.\n');
      expect(leftoversIn(attacked.home)).toEqual([]);
    },
  );
});
