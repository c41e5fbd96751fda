import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeatureMatrix } from '../../src/dataset/feature-matrix.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { ModelProtoSchema } from '../../src/onnx/onnx_pb.ts';
import { packageRoot } from '../../src/package-root.ts';
import { createScorer } from '../../src/scoring/onnx-scorer.ts';
import { bundleFile } from '../helpers/bundle.ts';
import { runOnnx } from '../helpers/onnx-session.ts';
import {
  arbitraryEnsemble,
  boostedEnsemble,
  probingMatrix,
  referenceProbabilities,
  referenceRawScores,
} from '../helpers/random-trees.ts';

const MODEL = { model: 'customer_churn_predictor' };

const bitsOf = ({ buffer }: Float32Array | Float64Array) => Buffer.from(buffer).toString('hex');

function firstRows(features: FeatureMatrix, rowCount: number): FeatureMatrix {
  return { ...features, rowCount, columns: features.columns.map((column) => column.subarray(0, rowCount)) };
}

describe('createScorer', () => {
  test('gives exactly the probabilities of the trees, on any trees and rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryEnsemble(),
        fc.integer({ min: 0, max: 100 }),
        fc.nat(),
        async (ensemble, rowCount, seed) => {
          const features = probingMatrix(ensemble, rowCount, seed);
          const scorer = await createScorer(exportOnnx(ensemble, MODEL));
          expect(scorer.featureNames).toEqual(ensemble.featureNames);
          expect([...(await scorer.score(features))]).toEqual([
            ...referenceProbabilities(referenceRawScores(ensemble, features)),
          ]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('gives the bits of the ONNX runtime, on any trees and rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryEnsemble(),
        arbitraryEnsemble({ maxTrees: 4 }),
        fc.nat(),
        async (ensemble, { trees }, seed) => {
          const fitting = trees.filter(({ splitFeatures }) =>
            splitFeatures.every((feature) => feature < ensemble.featureNames.length),
          );
          for (const rankingTrees of [undefined, fitting]) {
            const onnx = exportOnnx({ ...ensemble, rankingTrees }, MODEL);
            const features = probingMatrix(ensemble, 50, seed);
            const { probabilities, rankScores } = await (await createScorer(onnx)).rank(features);
            const theirs = await runOnnx(onnx, features);
            expect(bitsOf(probabilities)).toEqual(bitsOf(theirs.probabilities));
            const ranks = theirs.rankScores ?? Float64Array.from(theirs.rawScores);
            expect(ranks instanceof Float64Array && bitsOf(ranks)).toEqual(bitsOf(rankScores));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('refuses a model that the ONNX runtime scores otherwise, be it by one bit', async () => {
    const ensemble = boostedEnsemble({ trees: 3, depth: 3, featureCount: 2 });
    const model = fromBinary(ModelProtoSchema, exportOnnx(ensemble, MODEL));
    const [one] = model.graph?.initializer ?? [];
    one.doubleData = [1 + 2 ** -24];
    const refusal = createScorer(toBinary(ModelProtoSchema, model));
    await expect(refusal).rejects.toMatchObject({ code: 'SCORES_DIFFER' });
    await expect(refusal).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ChurnMcpError: The model's scores are not those that the ONNX runtime gives.]`,
    );
  });

  test('scores a row independently of the rows around it', async () => {
    const ensemble = boostedEnsemble({ trees: 100, depth: 6, featureCount: 6 });
    const features = probingMatrix(ensemble, 20_000, 4);
    const scorer = await createScorer(exportOnnx(ensemble, MODEL));
    const all = await scorer.score(features);
    expect(
      Buffer.compare(
        Buffer.from(all.buffer),
        Buffer.from(referenceProbabilities(referenceRawScores(ensemble, features)).buffer),
      ),
    ).toBe(0);
    for (const rowCount of [0, 1, 2, 63, 64, 1000, 4095, 4096, 4097]) {
      expect(await scorer.score(firstRows(features, rowCount))).toEqual(all.slice(0, rowCount));
    }
  });

  test('refuses rows of other features', async () => {
    const ensemble = boostedEnsemble({ trees: 2, depth: 2, featureCount: 2 });
    const scorer = await createScorer(exportOnnx(ensemble, MODEL));
    const features = probingMatrix(ensemble, 3);
    await expect(
      scorer.score({ ...features, featureNames: ['feature_1', 'feature_0'] }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ChurnMcpError: The model cannot score these rows: feature 1 should be feature_0 and is feature_1.]`,
    );
    await expect(
      scorer.score({ ...features, featureNames: ['feature_0'] }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ChurnMcpError: The model cannot score these rows: it needs 2 features and was given 1.]`,
    );
    await expect(
      scorer.score({ ...features, featureNames: ['feature_0', 'feature_1', 'feature_2'] }),
    ).rejects.toThrow('needs 2 features and was given 3');
  });

  test('stops between batches after an abort', async () => {
    const ensemble = boostedEnsemble({ trees: 2, depth: 2, featureCount: 2 });
    const scorer = await createScorer(exportOnnx(ensemble, MODEL));
    const features = probingMatrix(ensemble, 20_000);
    await expect(scorer.score(features, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    const controller = new AbortController();
    const scores = scorer.score(features, controller.signal);
    controller.abort();
    await expect(scores).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('{"not": "a model"}')],
    [
      'half a model',
      exportOnnx(boostedEnsemble({ trees: 3, depth: 3, featureCount: 2 }), MODEL).slice(0, 900),
    ],
  ])('refuses a file that is no model: %s', async (_, bytes) => {
    await expect(createScorer(bytes)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  test('prints nothing, even if it refuses', async () => {
    const folder = mkdtempSync(join(packageRoot(), 'dist', 'scorer-'));
    try {
      const script = await bundleFile('test/scoring/score-once.ts', folder);
      const model = join(folder, 'model.onnx');
      writeFileSync(model, exportOnnx(boostedEnsemble({ trees: 3, depth: 3, featureCount: 2 }), MODEL));
      const { status, stdout, stderr } = spawnSync(process.execPath, [script, model], { encoding: 'utf8' });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
