import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { weightedMean } from '../../src/gbdt/ensemble-arithmetic.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { rankScoresOf } from '../../src/gbdt/raw-scores.ts';
import type { TreeEnsemble } from '../../src/gbdt/tree.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { readFeatureNames } from '../../src/onnx/feature-names.ts';
import { ModelProtoSchema, type ValueInfoProto } from '../../src/onnx/onnx_pb.ts';
import { runOnnx } from '../helpers/onnx-session.ts';
import {
  arbitraryEnsemble,
  boostedEnsemble,
  FLOAT32_DENORMAL_MIN,
  FLOAT32_MAX,
  matrixOf,
  probingMatrix,
  referenceProbabilities,
  referenceRawScores,
  treeOf,
} from '../helpers/random-trees.ts';

const MODEL = { model: 'customer_churn_predictor' };

/** Throws at the first row that differs; `Float32Array` equality of large arrays is slow to report. */
function expectSameBits(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const differing = actual.findIndex(
    (value, row) => value !== expected[row] && !(Number.isNaN(value) && Number.isNaN(expected[row])),
  );
  if (differing !== -1) expect([differing, actual[differing]]).toEqual([differing, expected[differing]]);
}

async function expectExact(ensemble: TreeEnsemble, rowCount: number, seed: number): Promise<void> {
  const features = probingMatrix(ensemble, rowCount, seed);
  const expected = referenceRawScores(ensemble, features);
  const { rawScores, probabilities } = await runOnnx(exportOnnx(ensemble, MODEL), features);
  expectSameBits(rawScores, expected);
  expectSameBits(probabilities, referenceProbabilities(expected));
  expectSameBits(predictRawScores(ensemble, features), expected);
}

describe('exportOnnx', () => {
  test('scores any trees on any values as the trees themselves do, bit for bit', async () => {
    const cases = fc.tuple(arbitraryEnsemble(), fc.constantFrom(1, 2, 63, 64, 200), fc.nat());
    await fc.assert(
      fc.asyncProperty(cases, async ([ensemble, rowCount, seed]) => expectExact(ensemble, rowCount, seed)),
      { numRuns: 150 },
    );
  });

  test('gives scores to rank by as the trees themselves do, bit for bit, and the same probabilities', async () => {
    const plain = boostedEnsemble({ trees: 20, depth: 5, featureCount: 6 });
    const ranking = boostedEnsemble({ trees: 7, depth: 4, featureCount: 6 });
    const ensemble = { ...plain, rankingTrees: ranking.trees };
    const features = probingMatrix(ensemble, 3000, 5);
    const added = referenceRawScores({ ...ranking, baseScore: 0 }, features);
    const expected = Float64Array.from(referenceRawScores(plain, features), (raw, row) => raw + added[row]);
    expect(rankScoresOf(ensemble, predictRawScores(ensemble, features), features)).toEqual(expected);
    const outputs = await runOnnx(exportOnnx(ensemble, MODEL), features);
    expect(outputs.rankScores).toEqual(expected);
    expect(outputs).toMatchObject({
      ...(await runOnnx(exportOnnx(plain, MODEL), features)),
      rankScores: expected,
    });
  });

  test.each([1, 2, 63, 64, 1000, 20_000])(
    'scores 100 trees of depth 6 over %i rows exactly',
    async (rowCount) => {
      await expectExact(boostedEnsemble({ trees: 100, depth: 6, featureCount: 6 }), rowCount, rowCount);
    },
  );

  test('scores deep, uneven and leaf-only trees exactly', async () => {
    const chain = Array.from({ length: 60 }).reduce<Parameters<typeof treeOf>[0]>(
      (right, _, depth) => ({
        feature: depth % 2,
        threshold: 60 - depth,
        defaultLeft: depth % 3 === 0,
        left: { leaf: depth / 7 },
        right,
      }),
      { leaf: -1 },
    );
    const trees = [treeOf({ leaf: 0.25 }), treeOf(chain), treeOf({ leaf: -0.125 })];
    await expectExact({ featureNames: ['a', 'b'], baseScore: 0.1, trees }, 500, 3);
  });

  test('gives the base score for a model without trees', async () => {
    const ensemble = { featureNames: ['a'], baseScore: Math.fround(-1.2), trees: [] };
    await expectExact(ensemble, 5, 1);
  });

  test('sends each value as the trees do, even at thresholds at the ends of float32', async () => {
    const values = [
      FLOAT32_MAX,
      -FLOAT32_MAX,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      0,
      -0,
      FLOAT32_DENORMAL_MIN,
      -FLOAT32_DENORMAL_MIN,
    ];
    for (const threshold of values) {
      for (const defaultLeft of [true, false]) {
        const tree = treeOf({ feature: 0, threshold, defaultLeft, left: { leaf: 1 }, right: { leaf: -1 } });
        const ensemble = { featureNames: ['a'], baseScore: 0, trees: [tree] };
        const features = matrixOf(
          ['a'],
          [...values, Number.NaN].map((value) => [value]),
        );
        const { rawScores } = await runOnnx(exportOnnx(ensemble, MODEL), features);
        expect([...rawScores]).toEqual([
          ...values.map((value) => (value < threshold ? 1 : -1)),
          defaultLeft ? 1 : -1,
        ]);
      }
    }
  });

  test('gives probability 0 and 1 for extreme scores, never NaN', async () => {
    const scores = [-FLOAT32_MAX, -1000, -104, -89, 0, 17, 89, 1000, FLOAT32_MAX];
    const trees = scores.map((leaf, index) =>
      treeOf({
        feature: 0,
        threshold: index,
        defaultLeft: false,
        left: { leaf: 0 },
        right: { feature: 0, threshold: index + 1, defaultLeft: false, left: { leaf }, right: { leaf: 0 } },
      }),
    );
    const features = matrixOf(
      ['a'],
      scores.map((_, index) => [index]),
    );
    const { rawScores, probabilities } = await runOnnx(
      exportOnnx({ featureNames: ['a'], baseScore: 0, trees }, MODEL),
      features,
    );
    expect([...rawScores]).toEqual(scores);
    expect([...probabilities]).toEqual([...referenceProbabilities(Float32Array.from(scores))]);
    expect(probabilities[0]).toBe(0);
    expect(probabilities[8]).toBe(1);
  });

  test('exports the weighted mean of two ensembles as one model', async () => {
    const [one, other] = [5, 6].map((seed) =>
      boostedEnsemble({ trees: 20, depth: 4, featureCount: 3 }, seed),
    );
    const features = probingMatrix(one, 2000, 5);
    const mean = weightedMean([
      { ensemble: one, weight: 3 },
      { ensemble: other, weight: 1 },
    ]);
    const { probabilities } = await runOnnx(exportOnnx(mean, MODEL), features);
    const scores = [one, other].map((ensemble) => referenceRawScores(ensemble, features));
    for (const [row, probability] of probabilities.entries()) {
      const expected = (3 * scores[0][row] + scores[1][row]) / 4;
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(-expected)), 5);
    }
  });

  test('gives the same bytes for the same model', () => {
    const ensemble = boostedEnsemble({ trees: 5, depth: 3, featureCount: 2 });
    const first = exportOnnx(ensemble, { ...MODEL, metadata: { label: 'forward', as_of: '2026-01-01' } });
    const second = exportOnnx(ensemble, { ...MODEL, metadata: { as_of: '2026-01-01', label: 'forward' } });
    expect(Buffer.compare(first, second)).toBe(0);
  });

  test('writes the documented tensors, operator sets and metadata', () => {
    const ensemble = {
      ...boostedEnsemble({ trees: 1, depth: 1, featureCount: 2 }),
      featureNames: ['days', 'orders'],
    };
    const model = fromBinary(
      ModelProtoSchema,
      exportOnnx(ensemble, { ...MODEL, metadata: { label: 'forward' } }),
    );
    const tensor = (info: ValueInfoProto) => {
      const type = info.type?.value;
      const dimensions =
        type?.case === 'tensorType' ? type.value.shape?.dim.map((dim) => String(dim.value.value)) : [];
      return `${info.name} [${dimensions?.join(', ')}]`;
    };
    expect({
      ir: Number(model.irVersion),
      operatorSets: model.opsetImport.map((set) => `${set.domain || 'ai.onnx'} ${set.version}`),
      graph: model.graph?.name,
      inputs: model.graph?.input.map(tensor),
      outputs: model.graph?.output.map(tensor),
      operators: model.graph?.node.map((node) => node.opType).join(' '),
      metadata: model.metadataProps.map((entry) => `${entry.key}=${entry.value}`),
    }).toMatchInlineSnapshot(`
      {
        "graph": "customer_churn_predictor",
        "inputs": [
          "features [N, 2]",
        ],
        "ir": 8,
        "metadata": [
          "feature_names=["days","orders"]",
          "label=forward",
          "model=customer_churn_predictor",
        ],
        "operatorSets": [
          "ai.onnx 17",
          "ai.onnx.ml 3",
        ],
        "operators": "TreeEnsembleRegressor Cast Neg Exp Add Div Cast",
        "outputs": [
          "raw_score [N, 1]",
          "probability [N, 1]",
        ],
      }
    `);
  });

  test('refuses a model without features', () => {
    expect(() => exportOnnx({ featureNames: [], baseScore: 0, trees: [] }, MODEL)).toThrow(
      'without features',
    );
  });
});

describe('readFeatureNames', () => {
  test('reads back the names in order, whatever they contain', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (featureNames) => {
        const onnx = exportOnnx({ featureNames, baseScore: 0, trees: [] }, MODEL);
        expect(readFeatureNames(onnx)).toEqual(featureNames);
      }),
    );
  });

  test('finds no names in bytes that are no exported model', () => {
    const onnx = exportOnnx(boostedEnsemble({ trees: 2, depth: 2, featureCount: 2 }), MODEL);
    expect(readFeatureNames(new Uint8Array())).toBeUndefined();
    expect(readFeatureNames(onnx.subarray(0, onnx.length / 2))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readFeatureNames(bytes)).toBeUndefined();
      }),
    );
  });
});
