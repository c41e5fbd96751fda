/**
 * Scoring and explaining beside XGBoost and shap, with the very same trees: XGBoost trains them, and we read its model.
 * Both take turns in processes that stay, so that all meet the same load of the machine. Prints, and writes to
 * `bench/RESULTS-SCORING.md`, medians of wall and user CPU time and the ratios. Arguments: number of turns (default 7)
 * and names of workloads (default all). PEERS_PYTHON names a Python with xgboost, shap and numpy.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { rowsFrom } from '../src/dataset/column-rows.ts';
import type { FeatureMatrix } from '../src/dataset/feature-matrix.ts';
import { createTreeExplainer } from '../src/explain/tree-shap.ts';
import { exportOnnx } from '../src/onnx/export-onnx.ts';
import { packageRoot } from '../src/package-root.ts';
import { createScorer } from '../src/scoring/onnx-scorer.ts';
import { ScoringPool } from '../src/scoring/scoring-pool.ts';
import { convertXgboost } from '../src/xgboost/convert-xgboost.ts';
import { readXgboostModel } from '../src/xgboost/model-file.ts';
import { median } from './median.ts';
import { readTrainingData, type Shape, writeTrainingData } from './training-data.ts';

interface Workload extends Shape {
  readonly name: string;
  readonly maxDepth: number;
}

const WORKLOADS: readonly Workload[] = [
  { name: 'small', rows: 400_000, features: 6, maxDepth: 6 },
  { name: 'large', rows: 4_000_000, features: 11, maxDepth: 8 },
];
const EXPLAINED_ROWS = 1000;

const costSchema = z.object({ wall: z.number(), cpu: z.number() });
type Cost = z.infer<typeof costSchema>;

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) / 1000;
  return { wall, cpu: process.cpuUsage(before).user / 1e6 };
}

/** The peer's process: trains at its start, and answers one task after the other. */
async function startPeer(folder: string, { rows, features, maxDepth }: Workload) {
  const python = process.env.PEERS_PYTHON;
  if (python === undefined) throw new Error('PEERS_PYTHON names no Python with xgboost and shap.');
  const script = join(packageRoot(), 'bench', 'peers', 'score_peer.py');
  const child = spawn(python, [script, folder, ...[rows, features, maxDepth].map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await lines.next()).value));
  const { version } = z.object({ version: z.string() }).parse(await next());
  return {
    version,
    async ask(task: string): Promise<Cost> {
      child.stdin.write(`${task}\n`);
      return costSchema.parse(await next());
    },
    [Symbol.dispose]: () => child.stdin.end(),
  };
}

/** Ours and the peer's, turn by turn; the first turn, in which threads start and code warms up, does not count. */
async function takeTurns(
  ours: () => Promise<unknown>,
  theirs: () => Promise<Cost>,
  turns: number,
): Promise<string> {
  const [own, peer]: [Cost[], Cost[]] = [[], []];
  for (let turn = 0; turn <= turns; turn++) {
    own.push(await costOf(ours));
    peer.push(await theirs());
  }
  const cells = (['wall', 'cpu'] as const).flatMap((figure) => {
    const [a, b] = [own, peer].map((costs) => costs.slice(1).map((cost) => cost[figure]));
    const ratio = median(a.map((value, turn) => value / b[turn]));
    return [median(a).toFixed(3), median(b).toFixed(3), ratio.toFixed(2)];
  });
  return cells.join(' | ');
}

async function benchmark(workload: Workload, turns: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
  try {
    writeTrainingData(folder, workload);
    const { columns } = readTrainingData(folder, workload);
    const featureNames = columns.map((_, feature) => `f${feature}`);
    const matrix: FeatureMatrix = { featureNames, rowCount: workload.rows, columns };
    using peer = await startPeer(folder, workload);
    const { model } = await readXgboostModel(join(folder, 'model.ubj'));
    const ensemble = convertXgboost(model, featureNames);
    const alone = await createScorer(exportOnnx(ensemble, { model: 'benchmark' }));
    const { name, rows, features, maxDepth } = workload;
    const shape = `${rows.toLocaleString('en-US')} × ${features}, 100 trees of depth ${maxDepth}`;
    const lines: string[] = [];
    for (const threads of [1, 2]) {
      await using pool = new ScoringPool(threads);
      const scorer = pool.widen(alone);
      const turn = await takeTurns(
        () => scorer.score(matrix),
        () => peer.ask(`score ${threads}`),
        turns,
      );
      lines.push(
        `| ${name}: score ${shape}, ${threads} thread${threads > 1 ? 's' : ''} | xgboost ${peer.version} | ${turn} |`,
      );
    }
    const few = rowsFrom(matrix, 0, EXPLAINED_ROWS);
    const explained = await takeTurns(
      async () => createTreeExplainer(ensemble).explain(few),
      () => peer.ask(`explain ${EXPLAINED_ROWS}`),
      turns,
    );
    lines.push(`| ${name}: explain ${EXPLAINED_ROWS} rows, 1 thread | shap TreeExplainer | ${explained} |`);
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [turnsText = '7', ...names] = process.argv.slice(2);
const rows: string[] = [];
for (const workload of WORKLOADS) {
  if (names.length > 0 && !names.includes(workload.name)) continue;
  rows.push(...(await benchmark(workload, Number(turnsText))));
}
const text = [
  '# Benchmarks of scoring and explaining',
  '',
  `Medians of ${turnsText} turns, with the same trees: XGBoost trained them. Made by \`npm run bench:scoring -- ${process.argv.slice(2).join(' ')}\` on ${new Date().toISOString().slice(0, 10)}.`,
  '',
  `Machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)} at the end. Node ${process.versions.node}.`,
  '',
  '| work | peer | our wall s | their wall s | ratio | our CPU s | their CPU s | ratio |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
  '',
].join('\n');
process.stdout.write(text);
writeFileSync(join(packageRoot(), 'bench', 'RESULTS-SCORING.md'), text);
