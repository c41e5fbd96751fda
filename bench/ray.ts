/**
 * The same training here and on a Ray cluster that has this machine's cores: what using a cluster costs.
 *
 *     npm run bench:ray -- [rows…]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BoosterTrainer } from '../src/gbdt/booster.ts';
import { boosterParamsSchema } from '../src/gbdt/params.ts';
import { createBoosterTrainer } from '../src/training/backend/booster-pool.ts';
import { createRayTrainer } from '../src/training/backend/ray/ray-trainer.ts';
import { installRay, startCluster } from '../test/ray/cluster.ts';
import { readTrainingData, writeTrainingData } from './training-data.ts';

const FEATURES = 11;
const params = boosterParamsSchema.parse({ n_estimators: 100 });
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [20_000, 200_000, 1_000_000];

await installRay();
await using cluster = await startCluster();
const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
const onRay = createRayTrainer({
  address: new URL(cluster.address),
  token: cluster.token,
  workers: 2,
  cpusPerWorker: 1,
  storage: folder,
  deadlineMs: 1_800_000,
});
// A node imports its libraries once: that time is not part of a training.
await seconds(onRay, 1000);
for (const rows of sizes) {
  const here = await seconds(createBoosterTrainer({ threads: 2 }), rows);
  const there = await seconds(onRay, rows);
  process.stdout.write(`${rows} rows: ${here.toFixed(1)} s here, ${there.toFixed(1)} s on Ray\n`);
}
rmSync(folder, { recursive: true, force: true });

async function seconds(trainer: BoosterTrainer, rows: number): Promise<number> {
  const shape = { rows, features: FEATURES };
  writeTrainingData(folder, shape);
  const { columns, labels } = readTrainingData(folder, shape);
  const featureNames = columns.map((_, index) => `f${index}`);
  const started = performance.now();
  await trainer.train({ train: { featureNames, rowCount: rows, columns, labels }, params });
  const taken = (performance.now() - started) / 1000;
  await trainer[Symbol.asyncDispose]();
  return taken;
}
