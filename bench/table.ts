/**
 * One table of how we do beside the peers: trains, scores and explains in turns with them, and writes the table to
 * `bench/README.md`. Says what got slower since the last commit of the table: ratios, because machines and their load differ.
 * PEERS_PYTHON names a Python with the peers. Flags: `--turns 5`, `--most-rows 5000000` (of the table of cost against size).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/package-root.ts';
import { type Comparison, summaryOf } from './comparison.ts';
import { growthTable } from './growth.ts';
import { compareScoring } from './scoring-turns.ts';
import { trainOnce } from './train-once.ts';
import { writeTrainingData } from './training-data.ts';

const FILE = join('bench', 'README.md');
/** A ratio that grew by less is chance. */
const SLOWER = 1.1;
const TRAININGS = [
  { rows: 400_000, threads: 1 },
  { rows: 400_000, threads: 2 },
  { rows: 50_000, threads: 2 },
];

const PEERS = ['xgboost', 'lightgbm', 'catboost', 'scikit-learn'];

function compareTraining(rows: number, threads: number, turns: number): Comparison[] {
  const workload = { name: 'table', rows, features: 6, maxDepth: 6, threads };
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
  try {
    writeTrainingData(folder, workload);
    const runs = Array.from({ length: turns }, () =>
      ['churn-mcp', ...PEERS].map((library) => trainOnce(library, folder, workload)),
    );
    return PEERS.map((peer, i) => ({
      work: `train ${rows.toLocaleString('en-US')} × 6, 100 trees of depth 6, ${threads} thread${threads > 1 ? 's' : ''}`,
      peer,
      ours: runs.map(([ours]) => ours),
      theirs: runs.map((run) => run[i + 1]),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The wall ratio of each work and peer in the committed table. */
function committedRatios(): Map<string, number> {
  let table: string;
  try {
    table = execFileSync('git', ['show', `HEAD:${FILE}`], { cwd: packageRoot(), stdio: 'pipe' }).toString(
      'utf8',
    );
  } catch {
    return new Map();
  }
  const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(
    rows
      .filter((cells) => Number(cells[5]) > 0)
      .map((cells) => [keyOf({ work: cells[1], peer: cells[3] }), Number(cells[5])]),
  );
}

function keyOf({ work, peer }: Pick<Comparison, 'work' | 'peer'>): string {
  return `${work}, ${peer}`;
}

const { values: flags } = parseArgs({
  options: {
    turns: { type: 'string', default: '5' },
    'most-rows': { type: 'string', default: '5000000' },
  },
});
const turns = Number(flags.turns);
const scoring = await compareScoring({ name: 'small', rows: 400_000, features: 6, maxDepth: 6 }, turns);
const comparisons = [
  ...TRAININGS.flatMap(({ rows, threads }) => compareTraining(rows, threads, turns)),
  ...scoring.map((one) => ({ ...one, work: one.work.replace('small: ', '') })),
];
const before = committedRatios();
const slower: string[] = [];
const lines = comparisons.map((comparison) => {
  const [wall, cpu] = [summaryOf(comparison, 'wall'), summaryOf(comparison, 'cpu')];
  const known = before.get(keyOf(comparison));
  if (known !== undefined && wall.ratio > known * SLOWER) {
    slower.push(`${comparison.work}: ${known.toFixed(2)} → ${wall.ratio.toFixed(2)} × ${comparison.peer}`);
  }
  const cells = [wall.ours, wall.theirs, wall.ratio, cpu.ratio].map((value) => value.toFixed(2));
  return `| ${[comparison.work, cells[0], comparison.peer, ...cells.slice(1)].join(' | ')} |`;
});
const [head] = readFileSync(join(packageRoot(), FILE), 'utf8').split('<!-- table -->');
const growth = growthTable(['churn-mcp', ...PEERS], Number(flags['most-rows']), turns);
const text = [
  `${head.trimEnd()}\n\n<!-- table -->\n`,
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)} at the end, Node ${process.versions.node}; medians of ${turns} turns.\n`,
  '| work | ours s | peer | theirs s | ratio | ratio of CPU time |',
  '|---|---|---|---|---|---|',
  ...lines,
  '',
  '## Cost against size',
  '',
  'Processor seconds of a training of 100 trees of depth 6 on one thread, the least of the turns; in brackets the exponent of the step: 1 is ten times the time for ten times the rows. Bytes per row are those that the peak of the process grew by, the data included. CatBoost grows symmetric trees, which are a smaller model.',
  '',
  ...growth,
  '',
].join('\n');
writeFileSync(join(packageRoot(), FILE), text);
process.stdout.write(`${lines.join('\n')}\n`);
process.stdout.write(
  slower.length === 0 ? 'Nothing got slower.\n' : `Slower than before:\n${slower.join('\n')}\n`,
);
