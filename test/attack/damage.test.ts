/** Damaged files of a home folder: every call answers as before, or names what is damaged; the doctor names and repairs it. */
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/files/checksum.ts';
import { callTool } from '../../src/server/call-tool.ts';
import { createServices } from '../../src/server/create-services.ts';
import { JobBoard } from '../../src/server/job-board.ts';
import { JobFiles } from '../../src/server/job-files.ts';
import { TOOLS } from '../../tools/index.ts';
import { silentLog } from '../helpers/mcp-client.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { KINDS, type Kind } from './damage-kinds.ts';
import { CALLER, type FullHome, makeFullHome } from './full-home.ts';
import { pathsIn } from './home-state.ts';
import { runHere } from './program-here.ts';
import { type Dice, diceOf, SCALE, SEED, TIMEOUT_MS } from './scale.ts';

const LOST_END = 'a missing end';
const DAMAGES: Record<string, (bytes: Buffer, dice: Dice) => Buffer> = {
  'a flipped bit': (bytes, dice) => {
    const at = dice(bytes.length);
    bytes[at] ^= 1 << dice(8);
    return bytes;
  },
  [LOST_END]: (bytes, dice) => bytes.subarray(0, dice(bytes.length)),
  'no content': () => Buffer.alloc(0),
  'zeros in its place': (bytes) => Buffer.alloc(bytes.length),
  'other bytes in its place': (bytes, dice) => Buffer.from(bytes.map(() => dice(256))),
};

const COMMANDS = [
  ['score', '--model', 'customer_churn_column', '--out', '-'],
  ['score', '--model', 'customer_churn_forecast', '--offers', '--out', '-'],
];

let full: FullHome;
let whole: Answer[];
beforeAll(async () => {
  full = await makeFullHome();
  whole = await answersIn(full.home);
  expect(whole.filter(({ text }) => text.startsWith('error: '))).toEqual([]);
}, TIMEOUT_MS);

interface Answer {
  readonly call: string;
  /** What it says, after `error: ` if it is an error. */
  readonly text: string;
}

/** All calls at once, as those of one server, and commands beside them. */
async function answersIn(home: string): Promise<Answer[]> {
  const calls: [tool: string, args: Record<string, unknown>][] = [
    ['get_churn_metrics', { label: 'inactivity' }],
    ['get_churn_metrics', { label: 'forward' }],
    ['get_product_recommendations', { for: 'at_risk', n_customers: 2 }],
    ['get_at_risk_customers', { limit: 3 }],
    ['get_cohort_retention', { by: 'customer_segment' }],
    ['get_campaign_results', { campaign_id: full.campaign }],
    ['get_campaign_results', {}],
    ['list_models', {}],
  ];
  await using services = createServices({ home, threads: 1 });
  const server = { services, tools: TOOLS, log: silentLog, version: '0.0.0' };
  const answers = calls.map(async ([tool, args]) => {
    const { isError, text } = await callTool(server, tool, args);
    // How fresh the data is changes with the clock.
    const told = text.replace(/^Data: orders .*$/m, '');
    return { call: `${tool} ${JSON.stringify(args)}`, text: isError ? `error: ${told}` : told };
  });
  const printed: Answer[] = [];
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await runHere(command, home);
    printed.push({ call: command.join(' '), text: code === 0 ? stdout : `error: ${stderr}` });
  }
  printed.push({ call: 'get_job', text: await jobIn(home) });
  return [...(await Promise.all(answers)), ...printed];
}

async function jobIn(home: string): Promise<string> {
  await using board = new JobBoard({ afterMs: 1, files: new JobFiles(home, silentLog) });
  try {
    return JSON.stringify(await board.deskOf(CALLER).find(full.jobId));
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : error}`;
  }
}

interface Damaged {
  readonly kind: Kind;
  readonly path: string;
  readonly how: string;
  readonly bytes: Buffer;
}

/** Kinds take turns, so that each meets every damage. */
function damageOne(home: string, turn: number, dice: Dice): Damaged {
  const kind = KINDS[turn % KINDS.length];
  const paths = pathsIn(home)
    .filter((path) => kind.files.test(path) && statSync(join(home, path)).isFile())
    .sort();
  const path = paths[dice(paths.length)];
  const damages = Object.entries(DAMAGES);
  const [how, change] = damages[Math.floor(turn / KINDS.length) % damages.length];
  const bytes = change(readFileSync(join(home, path)), dice);
  writeFileSync(join(home, path), bytes);
  return { kind, path, how, bytes };
}

/** What is wrong with what the calls answer, as sentences. */
function problemsOfAnswers(answers: readonly Answer[], { kind, path }: Damaged): string[] {
  return answers.flatMap(({ call, text }, i) => {
    const isRight = text === whole[i].text || kind.said?.(path).test(text);
    return isRight ? [] : [`${call}: ${text}`];
  });
}

/** What is wrong with what the doctor says, as sentences. */
async function problemsOfDiagnosis(home: string, { kind, path, how }: Damaged): Promise<string[]> {
  const { code, stdout } = await runHere(['doctor'], home);
  const failed = stdout.split('\n').filter((line) => line.startsWith('FAILED'));
  const isSound = code === 0 && failed.length === 0;
  if (kind.endsAnywhere && how === LOST_END && isSound) return [];
  const isRight =
    kind.part === undefined
      ? isSound
      : code === 3 && failed.length === 1 && failed[0].startsWith(`FAILED  ${kind.part}: `);
  const isNamed = kind.names === undefined || failed.some((line) => line.includes(kind.names?.(path) ?? ''));
  return isRight && isNamed ? [] : [`the doctor ends with ${code}: ${failed.join(' ')}`];
}

/** What is wrong after a repair, as sentences. */
async function problemsOfRepair(home: string, { kind, path, how, bytes }: Damaged): Promise<string[]> {
  const repair = await runHere(['doctor', '--repair'], home);
  const problems = repair.code === 0 ? [] : [`the repair ends with ${repair.code}: ${repair.stdout}`];
  if (kind.part === undefined || (kind.endsAnywhere && how === LOST_END)) return problems;
  const kept = pathsIn(home)
    .filter((each) => each.startsWith('set-aside/') && basename(each) === basename(path))
    .map((each) => sha256Of(readFileSync(join(home, each))));
  return kept.includes(sha256Of(bytes)) ? problems : [...problems, 'the repair kept no damaged file'];
}

describe('a home folder with a damaged file', () => {
  it(`leads to the same answers or to an error that names the damage, and the doctor names and repairs it, ${SCALE.damages} times`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const dice = diceOf('damage');
    const wrong: string[] = [];
    const counts = { files: 0, same: 0, named: 0 };
    for (let turn = 0; turn < SCALE.damages; turn++) {
      const home = await newTestHome();
      cpSync(full.home, home, { recursive: true });
      const damaged = damageOne(home, turn, dice);
      const answers = await answersIn(home);
      const problems = [
        ...problemsOfAnswers(answers, damaged),
        ...(await problemsOfDiagnosis(home, damaged)),
        ...(await problemsOfRepair(home, damaged)),
      ];
      for (const problem of problems) {
        wrong.push(`seed ${SEED}, damage ${turn}: ${damaged.path} with ${damaged.how}: ${problem}`);
      }
      counts.files++;
      if (counts.files % 50 === 0)
        process.stderr.write(`damage: ${counts.files} files, ${wrong.length} wrong\n`);
      for (const [i, { text }] of answers.entries()) counts[text === whole[i].text ? 'same' : 'named']++;
      rmSync(home, { recursive: true, force: true });
    }
    process.stderr.write(
      `damage: ${counts.files} files of ${KINDS.length} kinds; ${counts.same} answers as before, ${counts.named} named the damage\n`,
    );
    expect(wrong).toEqual([]);
    expect(counts.named).toBeGreaterThan(0);
  });
});
