/** Scoring and explaining in turns with XGBoost and shap, with the same trees: XGBoost trains them, and we read its model. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
import type { Comparison, Cost } from './comparison.ts';
import { readTrainingData, type Shape, writeTrainingData } from './training-data.ts';

export interface ScoringWorkload extends Shape {
  readonly name: string;
  readonly maxDepth: number;
}

const EXPLAINED_ROWS = 1000;

const costSchema = z.object({ wall: z.number(), cpu: z.number() });

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) / 1000;
  return { wall, cpu: process.cpuUsage(before).user / 1e6 };
}

/** The peer's process: trains at its start, and answers one task after the other. */
async function startPeer(folder: string, { rows, features, maxDepth }: ScoringWorkload) {
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
): Promise<Pick<Comparison, 'ours' | 'theirs'>> {
  const [own, peer]: [Cost[], Cost[]] = [[], []];
  for (let turn = 0; turn <= turns; turn++) {
    own.push(await costOf(ours));
    peer.push(await theirs());
  }
  return { ours: own.slice(1), theirs: peer.slice(1) };
}

export async function compareScoring(workload: ScoringWorkload, turns: number): Promise<Comparison[]> {
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
    const found: Comparison[] = [];
    for (const threads of [1, 2]) {
      await using pool = new ScoringPool(threads);
      const scorer = pool.widen(alone);
      const turn = await takeTurns(
        () => scorer.score(matrix),
        () => peer.ask(`score ${threads}`),
        turns,
      );
      const work = `${name}: score ${shape}, ${threads} thread${threads > 1 ? 's' : ''}`;
      found.push({ work, peer: `xgboost ${peer.version}`, ...turn });
    }
    const few = rowsFrom(matrix, 0, EXPLAINED_ROWS);
    const explained = await takeTurns(
      async () => createTreeExplainer(ensemble).explain(few),
      () => peer.ask(`explain ${EXPLAINED_ROWS}`),
      turns,
    );
    const work = `${name}: explain ${EXPLAINED_ROWS} rows, 1 thread`;
    found.push({ work, peer: 'shap TreeExplainer', ...explained });
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
