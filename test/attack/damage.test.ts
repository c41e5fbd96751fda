/** Damaged files of a home folder: every call answers as before, or names what is damaged. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli-process.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { type Dice, diceOf, IS_FULL, SCALE, SEED, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome, type Trained } from './trained-home.ts';

interface Place {
  readonly files: RegExp;
  /** What a call says of a damaged file; undefined if no call here reads it. */
  readonly said?: RegExp;
  /** What the doctor calls the part; undefined if it is no damage. */
  readonly part?: string;
}

const PLACES: readonly Place[] = [
  {
    files: /^data\/(current\.json|snapshots\/)/,
    said: /^exit [13]: (The imported data |The home folder does not say which data)/,
    part: 'Data',
  },
  {
    files: /^registry\//,
    said: /^exit [13]: .*(was changed or damaged|cannot be used|cannot be read|is missing)/,
    part: 'Models',
  },
  { files: /^table\//, part: 'Table' },
  // Nothing is read from it but whether it is held.
  { files: /^training\.lock$/ },
];

const DAMAGES: Record<string, (bytes: Buffer, dice: Dice) => Buffer> = {
  'a flipped bit': (bytes, dice) => {
    const at = dice(bytes.length);
    bytes[at] ^= 1 << dice(8);
    return bytes;
  },
  'a missing end': (bytes, dice) => bytes.subarray(0, dice(bytes.length)),
  'no content': () => Buffer.alloc(0),
  'zeros in its place': (bytes) => Buffer.alloc(bytes.length),
  'other bytes in its place': (bytes, dice) => Buffer.from(bytes.map(() => dice(256))),
};

/** The forecast takes longest to train, and its files are read as those of the others. */
const TRAINED: readonly Trained[] = [
  'inactivity',
  'recommendations',
  ...(IS_FULL ? (['forward'] as const) : []),
];
const CALLS: readonly [tool: string, args: object][] = [
  ['get_churn_metrics', { label: 'inactivity' }],
  ['get_product_recommendations', { n_customers: 2 }],
  ...(IS_FULL ? [['get_at_risk_customers', { limit: 3 }] as [string, object]] : []),
];

let home: string;
let whole: string[];
beforeAll(async () => {
  home = await makeTrainedHome(200, TRAINED);
  const table = join(home, 'customers.csv');
  writeFileSync(table, tableOfCustomers());
  const imported = await runCli(
    ['import', '--features', table, '--id', 'customer', '--target', 'left', '-q'],
    { CHURN_MCP_HOME: home },
  );
  expect(imported.stderr).toBe('');
  whole = await answersIn(home);
}, TIMEOUT_MS);

function tableOfCustomers(): string {
  const rows = Array.from({ length: 300 }, (_, i) => [`c${i}`, (i * 37) % 60, i % 7 < 2 ? 'yes' : 'no']);
  return [['customer', 'months', 'left'], ...rows].map((row) => row.join(',')).join('\n');
}

/** Whether the doctor names the damaged part, or says nothing if it is none. */
async function isDiagnosed(folder: string, part: string | undefined): Promise<string | undefined> {
  const { code, stdout } = await runCli(['doctor', '-q'], { CHURN_MCP_HOME: folder });
  const failed = stdout.split('\n').filter((line) => line.startsWith('FAILED'));
  const isRight =
    part === undefined
      ? code === 0 && failed.length === 0
      : code === 3 && failed.length > 0 && failed.every((line) => line.startsWith(`FAILED  ${part}: `));
  return isRight ? undefined : `the doctor ends with ${code}: ${failed.join(' ')}`;
}

/** What each call answers: its text, or the exit code and the sentence of its error. */
async function answersIn(folder: string): Promise<string[]> {
  return Promise.all(
    CALLS.map(async ([tool, args]) => {
      const call = ['call', tool, JSON.stringify(args), '-q'];
      const { code, stdout, stderr } = await runCli(call, { CHURN_MCP_HOME: folder });
      return code === 0 ? stdout : `exit ${code}: ${stderr}`;
    }),
  );
}

function damageOne(folder: string, dice: Dice): { file: string; damage: string; place: Place } {
  const files = PLACES.flatMap((place) => {
    const all = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((path) => place.files.test(path))
      .sort();
    return all.length > 0 ? [{ place, all }] : [];
  });
  const { place, all } = files[dice(files.length)];
  const file = all[dice(all.length)];
  const kinds = Object.entries(DAMAGES);
  const [damage, change] = kinds[dice(kinds.length)];
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file)), dice));
  return { file, damage, place };
}

describe('a home folder with a damaged file', () => {
  it(`leads to the same answers or to an error that names the damage, and the doctor names it, ${SCALE.damages} times`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const dice = diceOf('damage');
    const wrong: string[] = [];
    const counts = { answered: 0, named: 0 };
    for (let i = 0; i < SCALE.damages; i++) {
      const copy = await newTestHome();
      cpSync(home, copy, { recursive: true });
      const { file, damage, place } = damageOne(copy, dice);
      const complain = (what: string) =>
        wrong.push(`seed ${SEED}, damage ${i}: ${file} with ${damage}: ${what}`);
      for (const [call, answer] of (await answersIn(copy)).entries()) {
        if (answer === whole[call]) counts.answered++;
        else if (place.said?.test(answer)) counts.named++;
        else complain(`${CALLS[call][0]}: ${answer}`);
      }
      const misdiagnosis = await isDiagnosed(copy, place.part);
      if (misdiagnosis !== undefined) complain(misdiagnosis);
      rmSync(copy, { recursive: true, force: true });
    }
    process.stderr.write(
      `damage: ${counts.answered} calls answered as before, ${counts.named} named the damage\n`,
    );
    expect(wrong).toEqual([]);
    expect(counts.named).toBeGreaterThan(0);
  });
});
