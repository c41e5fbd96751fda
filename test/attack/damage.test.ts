/** Damaged files of a home folder: every call answers as before, or names what is damaged. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli-process.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { type Dice, diceOf, IS_FULL, SCALE, SEED, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome, type Trained } from './trained-home.ts';

/** What is said of a damaged file, by where it lies. */
const NAMES: readonly [place: RegExp, said: RegExp | undefined][] = [
  [
    /^data\/(current\.json|snapshots\/)/,
    /^exit [13]: (The imported data |The home folder does not say which data)/,
  ],
  [/^registry\//, /^exit [13]: .*(was changed or damaged|cannot be used|cannot be read|is missing)/],
  // Nothing is read from it but whether it is held.
  [/^training\.lock$/, undefined],
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
  whole = await answersIn(home);
}, TIMEOUT_MS);

/** What each call answers: its text, or the exit code and the sentence of its error. */
async function answersIn(folder: string): Promise<string[]> {
  const answers: string[] = [];
  for (const [tool, args] of CALLS) {
    const call = ['call', tool, JSON.stringify(args), '-q'];
    const { code, stdout, stderr } = await runCli(call, { CHURN_MCP_HOME: folder });
    answers.push(code === 0 ? stdout : `exit ${code}: ${stderr}`);
  }
  return answers;
}

function damageOne(folder: string, dice: Dice): { file: string; damage: string } {
  const files = NAMES.flatMap(([place]) => {
    const all = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((path) => place.test(path))
      .sort();
    return [all];
  }).filter((group) => group.length > 0);
  const group = files[dice(files.length)];
  const file = group[dice(group.length)];
  const kinds = Object.entries(DAMAGES);
  const [damage, change] = kinds[dice(kinds.length)];
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file)), dice));
  return { file, damage };
}

describe('a home folder with a damaged file', () => {
  it(`leads to the same answers or to an error that names the damage, ${SCALE.damages} times`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const dice = diceOf('damage');
    const wrong: string[] = [];
    const counts = { answered: 0, named: 0 };
    for (let i = 0; i < SCALE.damages; i++) {
      const copy = await newTestHome();
      cpSync(home, copy, { recursive: true });
      const { file, damage } = damageOne(copy, dice);
      const said = NAMES.find(([place]) => place.test(file))?.[1];
      for (const [call, answer] of (await answersIn(copy)).entries()) {
        if (answer === whole[call]) counts.answered++;
        else if (said?.test(answer)) counts.named++;
        else wrong.push(`seed ${SEED}, damage ${i}: ${file} with ${damage}: ${CALLS[call][0]}: ${answer}`);
      }
      rmSync(copy, { recursive: true, force: true });
    }
    process.stderr.write(
      `damage: ${counts.answered} calls answered as before, ${counts.named} named the damage\n`,
    );
    expect(wrong).toEqual([]);
    expect(counts.named).toBeGreaterThan(0);
  });
});
