import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boosterParamsSchema } from '../../src/gbdt/params.ts';
import { PlainKernel } from '../../src/gbdt/plain-kernel.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { trainShard } from '../../src/gbdt/shard-trainer.ts';
import { allocateTrainingMemory, layOutTrainingMemory } from '../../src/gbdt/training-memory.ts';

const fixtureSchema = z.object({
  columns: z.array(z.array(z.number().nullable())),
  labels: z.array(z.number()),
  cases: z.array(z.object({ params: z.record(z.string(), z.number()), margins: z.array(z.number()) })),
});

/** Made once by `make_xgboost_training_fixture.py`. */
const fixture = fixtureSchema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/xgboost-training.json', import.meta.url), 'utf8')),
);

const columns = fixture.columns.map((values) => {
  const column = new Float32Array(new SharedArrayBuffer(values.length * 4));
  column.set(values.map((value) => value ?? Number.NaN));
  return column;
});

function marginsOf(options: Record<string, number>): Float32Array {
  const params = boosterParamsSchema.parse(options);
  const shape = {
    rowCount: fixture.labels.length,
    validationRowCount: 0,
    featureCount: columns.length,
    featuresPerTree: columns.length,
    threads: 1,
    maxDepth: params.max_depth,
    isWeighted: false,
    longestList: 0,
  };
  const memory = layOutTrainingMemory(shape, allocateTrainingMemory(shape));
  const none = new Float32Array(0);
  const train = { columns, labels: Float32Array.from(fixture.labels), weights: none };
  const validation = { columns: columns.map(() => none), labels: none, weights: none };
  const kernel = new PlainKernel({ memory, shape, thread: 0 });
  const task = { thread: 0, shape, params, baseScore: 0, train, validation };
  const { trees } = trainShard(memory, kernel, task, () => undefined);
  const featureNames = columns.map((_, feature) => `f${feature}`);
  return predictRawScores(
    { featureNames, baseScore: 0, trees },
    { featureNames, rowCount: shape.rowCount, columns },
  );
}

describe('XGBoost on the same data with the same parameters', () => {
  // Splits are chosen on gradients of 16 bits: now and then another of two nearly equal splits is taken, which moves
  // a few rows. All others agree to float32's own accuracy.
  it.each(fixture.cases)('gives the same margins: $params', ({ params, margins }) => {
    const ours = marginsOf(params);
    const differences = margins.map((margin, row) => Math.abs(margin - ours[row])).sort((a, b) => a - b);
    expect(differences[Math.floor(differences.length * 0.9)]).toBeLessThan(0.002);
    expect(differences.reduce((sum, difference) => sum + difference, 0) / differences.length).toBeLessThan(
      0.005,
    );
  });
});
