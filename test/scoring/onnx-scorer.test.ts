import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeatureMatrix } from '../../src/dataset/feature-matrix.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { createScorer } from '../../src/scoring/onnx-scorer.ts';
import { bundleFile } from '../helpers/bundle.ts';
import {
  arbitraryEnsemble,
  boostedEnsemble,
  probingMatrix,
  referenceProbabilities,
  referenceRawScores,
} from '../helpers/random-trees.ts';

const MODEL = { model: 'customer_churn_predictor' };

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
          await using scorer = await createScorer(exportOnnx(ensemble, MODEL));
          expect(scorer.featureNames).toEqual(ensemble.featureNames);
          expect([...(await scorer.score(features))]).toEqual([
            ...referenceProbabilities(referenceRawScores(ensemble, features)),
          ]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('scores a row independently of the rows around it', async () => {
    const ensemble = boostedEnsemble({ trees: 100, depth: 6, featureCount: 6 });
    const features = probingMatrix(ensemble, 20_000, 4);
    await using scorer = await createScorer(exportOnnx(ensemble, MODEL));
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
    await using scorer = await createScorer(exportOnnx(ensemble, MODEL));
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
    await using scorer = await createScorer(exportOnnx(ensemble, MODEL));
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
    const folder = mkdtempSync(join(tmpdir(), 'scorer-'));
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
