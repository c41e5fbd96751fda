/**
 * Trains once on the data of a folder, scores all rows through the ONNX file, and prints what it took as one line of
 * JSON. Arguments as the peers' scripts.
 */
import { boosterParamsSchema } from '../src/gbdt/params.ts';
import { exportOnnx } from '../src/onnx/export-onnx.ts';
import { createScorer } from '../src/scoring/onnx-scorer.ts';
import { ScoringPool } from '../src/scoring/scoring-pool.ts';
import { createBoosterTrainer } from '../src/training/backend/booster-pool.ts';
import { rocAuc } from './roc-auc.ts';
import { readTrainingData } from './training-data.ts';

const [folder, rows, features, maxDepth, threads] = process.argv.slice(2);
const shape = { rows: Number(rows), features: Number(features) };
const { columns, labels } = readTrainingData(folder, shape);
const params = boosterParamsSchema.parse({ n_estimators: 100, max_depth: Number(maxDepth) });
const train = {
  featureNames: columns.map((_, feature) => `f${feature}`),
  rowCount: shape.rows,
  columns,
  labels,
};

await using trainer = createBoosterTrainer({ threads: Number(threads) });
const cpuBefore = process.cpuUsage();
const started = performance.now();
const { ensemble } = await trainer.train({ train, params });
const wall = performance.now() - started;
const cpu = process.cpuUsage(cpuBefore);
// The largest resident size so far: memory of the prediction that checks the model is not counted.
const peakMegabytes = process.resourceUsage().maxRSS / 1024;

const onnx = exportOnnx(ensemble, { model: 'benchmark' });
await using pool = new ScoringPool(Number(threads));
const scorer = pool.widen(await createScorer(onnx));
// The second prediction is timed, when threads have started, as in the peers' script.
await scorer.score(train);
const scoringStarted = performance.now();
const probabilities = await scorer.score(train);
const scoring = performance.now() - scoringStarted;
const auc = rocAuc(probabilities, labels);
process.stdout.write(
  `${JSON.stringify({ wall: wall / 1000, cpu: (cpu.user + cpu.system) / 1e6, peakMegabytes, auc, scoring: scoring / 1000 })}\n`,
);
