import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BoosterOptions, boosterParamsSchema } from '../../src/gbdt/params.ts';
import { createPlainKernel } from '../../src/gbdt/plain-kernel.ts';
import { type ShardTask, trainShard } from '../../src/gbdt/shard-trainer.ts';
import {
  allocateTrainingMemory,
  bytesOfTraining,
  layOutTrainingMemory,
  type TrainingShape,
} from '../../src/gbdt/training-memory.ts';
import { createWasmKernel } from '../../src/gbdt/wasm-kernel.ts';
import { packageRoot } from '../../src/package-root.ts';

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await WebAssembly.compile(readFileSync(join(packageRoot(), 'dist', 'kernel.wasm')));
});

/** Reproducible numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Problem {
  readonly rows: number;
  readonly validationRows: number;
  readonly features: number;
  readonly levels: number;
  readonly missingShare: number;
  readonly isWeighted: boolean;
  readonly seed: number;
  readonly params: BoosterOptions;
}

function makeData(problem: Problem, rows: number, random: () => number) {
  const columns = Array.from({ length: problem.features }, () =>
    Float32Array.from({ length: rows }, () =>
      random() < problem.missingShare ? Number.NaN : Math.floor(random() * problem.levels) / problem.levels,
    ),
  );
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const first = columns[0][row];
    return random() < (Number.isNaN(first) ? 0.6 : 0.2 + 0.6 * first) ? 1 : 0;
  });
  const weights = problem.isWeighted ? Float32Array.from(labels, () => random() * 3) : new Float32Array(0);
  return { columns, labels, weights };
}

/** The trees that a kernel grows alone, as numbers. */
function grow(problem: Problem, kind: 'plain' | 'wasm') {
  const random = mulberry32(problem.seed);
  const train = makeData(problem, problem.rows, random);
  const validation = makeData(problem, problem.validationRows, random);
  const params = boosterParamsSchema.parse(problem.params);
  const shape: TrainingShape = {
    rowCount: problem.rows,
    validationRowCount: problem.validationRows,
    featureCount: problem.features,
    threads: 1,
    maxDepth: params.max_depth,
    isWeighted: problem.isWeighted,
  };
  const wasmMemory = allocateTrainingMemory(shape);
  const memory = layOutTrainingMemory(shape, wasmMemory);
  const kernel =
    kind === 'plain'
      ? createPlainKernel(memory, shape, 0)
      : createWasmKernel(module, wasmMemory, memory, shape, 0);
  const task: ShardTask = { thread: 0, shape, params, baseScore: 0.1, train, validation };
  return trainShard(memory, kernel, task, () => undefined);
}

const problem = fc.record({
  rows: fc.integer({ min: 1, max: 3000 }),
  validationRows: fc.constantFrom(0, 1, 333),
  features: fc.constantFrom(1, 2, 3, 5, 7, 8, 9, 11, 15, 16, 17, 24, 40),
  levels: fc.constantFrom(1, 2, 9, 300, 100_000),
  missingShare: fc.constantFrom(0, 0, 0.1, 1),
  isWeighted: fc.boolean(),
  seed: fc.integer(),
  params: fc.record({
    n_estimators: fc.constantFrom(1, 4),
    max_depth: fc.constantFrom(1, 2, 3, 5, 6, 7, 8, 9, 11),
    reg_alpha: fc.constantFrom(0, 0.3),
    gamma: fc.constantFrom(0, 0.5),
    min_child_weight: fc.constantFrom(0, 1, 5),
    scale_pos_weight: fc.constantFrom(1, 0.02, 30),
    subsample: fc.constantFrom(1, 0.5),
    colsample_bytree: fc.constantFrom(1, 0.4),
    max_bin: fc.constantFrom(256, 17),
  }),
});

describe('the WASM kernel', () => {
  it('grows the same trees as the plain one, to the bit', () => {
    fc.assert(
      fc.property(problem, (sample) => {
        expect(grow(sample, 'wasm')).toEqual(grow(sample, 'plain'));
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('agrees where packed sums must be moved to wide ones: more than 65,536 rows in one bin', () => {
    const sample: Problem = {
      rows: 140_001,
      validationRows: 0,
      features: 3,
      levels: 2,
      missingShare: 0,
      isWeighted: false,
      seed: 3,
      params: { n_estimators: 2, max_depth: 3 },
    };
    expect(grow(sample, 'wasm')).toEqual(grow(sample, 'plain'));
  });
});

describe('the memory of a training', () => {
  it('is refused with rows, features and bytes where it would not fit', () => {
    const shape = { validationRowCount: 0, threads: 2, maxDepth: 6, isWeighted: false };
    expect(() => allocateTrainingMemory({ ...shape, rowCount: 60_000_000, featureCount: 50 })).toThrow(
      /Training on 60,000,000 rows × 50 features needs \d+\.\d GB; one training has 4 GB\./,
    );
    expect(bytesOfTraining({ ...shape, rowCount: 4_000_000, featureCount: 11 })).toBeLessThan(400 * 2 ** 20);
  });
});
