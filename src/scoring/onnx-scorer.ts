import { setImmediate } from 'node:timers/promises';
import { rowsFrom } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { openScoringModel } from './onnx-reference.ts';
import type { Scorer, Scores } from './scorer.ts';
import { openTreeWalker, type ScoringModel, scoreRows } from './scoring-model.ts';

/** Rows scored before other work of the thread gets its turn. This bounds the time until an abort takes effect. */
const BATCH_ROWS = 16_384;

/** A scorer on this thread, and the model that other threads may score with. */
export interface ModelScorer extends Scorer {
  readonly model: ScoringModel;
}

/**
 * Opens an exported model for scoring.
 *
 * @throws MODEL_CORRUPT if the bytes are not a model that `exportOnnx` wrote, SCORES_DIFFER if the ONNX runtime scores otherwise
 */
export async function createScorer(onnx: Uint8Array): Promise<ModelScorer> {
  const { featureNames, ...model } = await openScoringModel(onnx);
  const walker = await openTreeWalker();

  async function rank(features: FeatureMatrix, signal?: AbortSignal): Promise<Scores> {
    checkFeatures(features.featureNames, featureNames);
    const probabilities = new Float32Array(features.rowCount);
    const rankScores = new Float64Array(features.rowCount);
    for (let from = 0; from < features.rowCount; from += BATCH_ROWS) {
      if (from > 0) await setImmediate();
      throwIfAborted(signal);
      const scores = scoreRows(model, rowsFrom(features, from, BATCH_ROWS), walker);
      probabilities.set(scores.probabilities, from);
      rankScores.set(scores.rankScores, from);
    }
    return { probabilities, rankScores };
  }

  return {
    featureNames,
    model,
    rank,
    score: async (features, signal) => (await rank(features, signal)).probabilities,
  };
}

/** Throws if the features are not exactly those of the model, in its order. */
export function checkFeatures(given: readonly string[], expected: readonly string[]): void {
  const first = expected.findIndex((name, index) => given[index] !== name);
  if (first === -1 && given.length === expected.length) return;
  const difference =
    given.length === expected.length
      ? `feature ${first + 1} should be ${expected[first]} and is ${given[first]}`
      : `it needs ${expected.length} features and was given ${given.length}`;
  throw new ChurnMcpError('INTERNAL', `The model cannot score these rows: ${difference}.`, {
    hint: 'Train the model again with this version of churn-mcp, which computes other features.',
  });
}
