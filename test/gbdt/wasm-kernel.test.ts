import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { histogramLength } from '../../src/gbdt/histogram.ts';
import { compileKernel } from '../../src/gbdt/kernel-module.ts';
import type { BoosterOptions } from '../../src/gbdt/params.ts';
import { PlainKernel } from '../../src/gbdt/plain-kernel.ts';
import {
  allocateTrainingMemory,
  bytesOfTraining,
  clearTrainingMemory,
  layOutTrainingMemory,
  STATIC_BYTES,
} from '../../src/gbdt/training-memory.ts';
import { WasmKernel } from '../../src/gbdt/wasm-kernel.ts';
import { growTrees, makeDataset } from '../helpers/learner.ts';
import { seededRandom } from '../helpers/random-trees.ts';

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compileKernel();
});

interface Problem {
  readonly rows: number;
  readonly validationRows: number;
  readonly features: number;
  readonly levels: number;
  readonly missingShare: number;
  readonly isWeighted: boolean;
  readonly hasSoftLabels?: boolean;
  readonly seed: number;
  readonly params: BoosterOptions;
}

/** The trees that a kernel grows alone, as numbers. */
function grow(problem: Problem, kind: 'plain' | 'wasm', memory?: WebAssembly.Memory) {
  const random = seededRandom(problem.seed);
  const train = makeDataset(problem, random);
  const validation = makeDataset({ ...problem, rows: problem.validationRows, hasSoftLabels: false }, random);
  return growTrees(train, problem.params, {
    kernel: kind === 'plain' ? 'plain' : module,
    baseScore: 0.1,
    ...(problem.validationRows > 0 && { validation }),
    ...(memory && { memory }),
  });
}

const problem = fc.record({
  rows: fc.integer({ min: 1, max: 3000 }),
  validationRows: fc.constantFrom(0, 1, 333),
  features: fc.constantFrom(1, 2, 3, 5, 7, 8, 9, 11, 15, 16, 17, 24, 40),
  levels: fc.constantFrom(1, 2, 9, 300, 100_000),
  missingShare: fc.constantFrom(0, 0, 0.1, 1),
  isWeighted: fc.boolean(),
  hasSoftLabels: fc.boolean(),
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

  it.each([256, 300])(
    'grows the same trees of %i features: their places are a byte up to 256',
    (features) => {
      const sample: Problem = {
        rows: 400,
        validationRows: 0,
        features,
        levels: 300,
        missingShare: 0,
        isWeighted: false,
        seed: 11,
        params: { n_estimators: 4, max_depth: 4 },
      };
      expect(grow(sample, 'wasm')).toEqual(grow(sample, 'plain'));
    },
  );

  it('grows the same trees as the plain one with more than 65,536 rows in one bin', () => {
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

  it('grows the same trees in a memory that a training with more rows has used', () => {
    // Rows are padded to whole vectors: what lies in the padding must not be taken for rows. The first feature's
    // lowest bin is frequent, which sends padding rows down sides that are listed.
    const sample: Problem = {
      rows: 1024,
      validationRows: 0,
      features: 3,
      levels: 2,
      missingShare: 0.3,
      isWeighted: false,
      seed: 1,
      params: { n_estimators: 40, max_depth: 4 },
    };
    for (const max_depth of [2, 3, 4, 5, 6, 8, 9]) {
      const params = { ...sample.params, max_depth };
      const larger: Problem = { ...sample, params };
      const smaller: Problem = { ...sample, rows: 993, params };
      const memory = allocateTrainingMemory({
        rowCount: larger.rows,
        validationRowCount: 0,
        featureCount: 3,
        featuresPerTree: 3,
        threads: 1,
        maxDepth: max_depth,
        isWeighted: false,
        longestList: 0,
      });
      grow(larger, 'wasm', memory);
      expect(grow(smaller, 'wasm', memory)).toEqual(grow(smaller, 'plain'));
    }
  });

  it.each([
    ['a few nodes, unpacked together', 2, 3],
    ['many nodes, each unpacked when it is full', 16, 40],
  ])(
    'unpacks sums before one bin gets more rows than a packed sum can hold: %s',
    (_, parentCount, featureCount) => {
      const rowCount = 150_000;
      const shape = {
        rowCount,
        validationRowCount: 0,
        featureCount,
        featuresPerTree: featureCount,
        threads: 1,
        maxDepth: 6,
        isWeighted: false,
        longestList: 0,
      };
      const wasmMemory = allocateTrainingMemory(shape);
      const memory = layOutTrainingMemory(shape, wasmMemory);
      clearTrainingMemory(memory);
      memory.bins.fill(7);
      // The largest gradient and hessian there are, in two rows of three.
      memory.packedGradients.set(
        Int32Array.from({ length: rowCount }, (_, row) => (row % 3 === 0 ? 0 : (32_767 << 16) | 65_535)),
      );
      const rules = {
        parentCount,
        features: new Int32Array(parentCount),
        lastLeftBins: new Uint8Array(parentCount).fill(255),
        leftMissingBins: new Uint8Array(parentCount).fill(255),
      };
      const plan = {
        histogramCount: parentCount,
        childHistograms: Int32Array.from({ length: 2 * parentCount }, (_, child) =>
          child % 2 === 0 ? child / 2 + 1 : 0,
        ),
      };
      const context = { memory, shape, thread: 0 };
      const rows = { from: 0, to: rowCount };
      const kernel = new WasmKernel(context, module, wasmMemory);
      // Twice: the second finds the packed sums as the first has left them.
      for (let time = 0; time < 2; time++) kernel.routeAndBuild(rules, plan, rows);
      const wasm = memory.threadHistograms.slice(0, parentCount * histogramLength(featureCount));
      new PlainKernel(context).routeAndBuild(rules, plan, rows);
      expect(wasm[14]).toBe(100_000 * 32_767);
      expect(wasm[15]).toBe(100_000 * 65_535);
      expect(
        Buffer.from(wasm.buffer).equals(Buffer.from(memory.threadHistograms.slice(0, wasm.length).buffer)),
      ).toBe(true);
    },
  );

  it('sorts numbers of either sign, however many, and those that differ in a few bits', () => {
    const shape = {
      rowCount: 5000,
      validationRowCount: 0,
      featureCount: 1,
      featuresPerTree: 1,
      threads: 2,
      maxDepth: 1,
      isWeighted: false,
      longestList: 0,
    };
    const wasmMemory = allocateTrainingMemory(shape);
    const memory = layOutTrainingMemory(shape, wasmMemory);
    const kernel = new WasmKernel({ memory, shape, thread: 1 }, module, wasmMemory);
    const number = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, 2 ** 11, 1 + 2 ** -12));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 5000, size: 'max' }), (numbers) => {
        const values = Float32Array.from(numbers);
        expect(kernel.sort(values)).toEqual(values.slice().sort());
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  it('keeps its static data below the memory of a training', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_535, shared: true });
    const { staticEnd } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    expect(typeof staticEnd === 'function' && staticEnd()).toBeLessThanOrEqual(STATIC_BYTES);
  });
});

describe('the memory of a training', () => {
  it('refuses data that one memory cannot hold, and says how much it would need', () => {
    const shape = { validationRowCount: 0, threads: 2, maxDepth: 6, isWeighted: false, longestList: 0 };
    expect(() =>
      allocateTrainingMemory({ ...shape, rowCount: 60_000_000, featureCount: 50, featuresPerTree: 50 }),
    ).toThrow(/Training on 60,000,000 rows × 50 features needs \d+\.\d GB; one training has 4 GB\./);
    expect(
      bytesOfTraining({ ...shape, rowCount: 4_000_000, featureCount: 11, featuresPerTree: 11 }),
    ).toBeLessThan(400 * 2 ** 20);
  });
});
