import type { InferenceSession } from 'onnxruntime-node';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import {
  INPUT_FEATURES,
  OUTPUT_PROBABILITY,
  OUTPUT_RANK_SCORE,
  OUTPUT_RAW_SCORE,
} from '../onnx/export-onnx.ts';
import { readFeatureNames } from '../onnx/feature-names.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';
import type { Scorer } from './scorer.ts';

/** Rows per run of the session. This bounds the memory, and the time until an abort takes effect. */
const BATCH_ROWS = 4096;

/**
 * Always one thread: with more, onnxruntime adds the trees in another order, and a score would depend on its
 * batch. Severity 4 is "fatal": stderr belongs to our log.
 */
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 4,
};

/**
 * Opens an exported model for scoring. Throws `MODEL_CORRUPT` if the bytes are not a model that `exportOnnx` wrote.
 */
export async function createScorer(onnx: Uint8Array): Promise<Scorer> {
  const featureNames = featureNamesOf(onnx);
  const runtime = await loadOnnxRuntime();
  const session = await runtime.InferenceSession.create(onnx, SESSION_OPTIONS).catch((cause: unknown) => {
    throw notOurModel(cause);
  });

  /** Runs the model batch by batch; `keep` is given the batch's outputs, in the order of their names. */
  async function run(
    features: FeatureMatrix,
    outputNames: readonly string[],
    keep: (outputs: readonly unknown[], from: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    checkFeatures(features.featureNames, featureNames);
    for (let from = 0; from < features.rowCount; from += BATCH_ROWS) {
      throwIfAborted(signal);
      const to = Math.min(from + BATCH_ROWS, features.rowCount);
      const rows = gatherRows(features, from, to);
      const input = new runtime.Tensor('float32', rows, [to - from, featureNames.length]);
      const outputs = await session.run({ [INPUT_FEATURES]: input }, outputNames);
      keep(
        outputNames.map((name) => outputs[name]?.data),
        from,
      );
    }
  }
  const ranksBy = session.outputNames.includes(OUTPUT_RANK_SCORE) ? OUTPUT_RANK_SCORE : OUTPUT_RAW_SCORE;

  return {
    featureNames,
    async score(features, signal) {
      const probabilities = new Float32Array(features.rowCount);
      const keep = ([probability]: readonly unknown[], from: number) =>
        probabilities.set(numbersOf(probability), from);
      await run(features, [OUTPUT_PROBABILITY], keep, signal);
      return probabilities;
    },
    async rank(features, signal) {
      const probabilities = new Float32Array(features.rowCount);
      const rankScores = new Float64Array(features.rowCount);
      const keep = ([probability, rankScore]: readonly unknown[], from: number) => {
        probabilities.set(numbersOf(probability), from);
        rankScores.set(numbersOf(rankScore), from);
      };
      await run(features, [OUTPUT_PROBABILITY, ranksBy], keep, signal);
      return { probabilities, rankScores };
    },
    async [Symbol.asyncDispose]() {
      await session.release();
    },
  };
}

function numbersOf(output: unknown): Float32Array | Float64Array {
  if (output instanceof Float32Array || output instanceof Float64Array) return output;
  throw notOurModel();
}

function featureNamesOf(onnx: Uint8Array): readonly string[] {
  const featureNames = readFeatureNames(onnx);
  if (!featureNames) throw notOurModel();
  return featureNames;
}

/** Rows `from` … `to − 1` of the column-major table as one row-major block. */
function gatherRows(features: FeatureMatrix, from: number, to: number): Float32Array<ArrayBuffer> {
  const featureCount = features.columns.length;
  const block = new Float32Array((to - from) * featureCount);
  for (const [feature, column] of features.columns.entries()) {
    for (let row = from, at = feature; row < to; row++, at += featureCount) block[at] = column[row];
  }
  return block;
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

/** The error for bytes that no version of churn-mcp writes. */
export function notOurModel(cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('MODEL_CORRUPT', 'The model file cannot be read as an ONNX model of churn-mcp.', {
    hint: 'Train the model again, or promote another version (list_models shows them).',
    cause,
  });
}
