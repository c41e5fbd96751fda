import type { InferenceSession } from 'onnxruntime-node';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { INPUT_FEATURES, OUTPUT_PROBABILITY } from '../onnx/export-onnx.ts';
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

  async function scoreBatch(features: FeatureMatrix, from: number, to: number): Promise<Float32Array> {
    const rows = gatherRows(features, from, to);
    const input = new runtime.Tensor('float32', rows, [to - from, featureNames.length]);
    const outputs = await session.run({ [INPUT_FEATURES]: input }, [OUTPUT_PROBABILITY]);
    const probabilities = outputs[OUTPUT_PROBABILITY]?.data;
    if (!(probabilities instanceof Float32Array)) throw notOurModel();
    return probabilities;
  }

  return {
    featureNames,
    async score(features, signal) {
      checkFeatures(features.featureNames, featureNames);
      const probabilities = new Float32Array(features.rowCount);
      for (let from = 0; from < features.rowCount; from += BATCH_ROWS) {
        throwIfAborted(signal);
        const to = Math.min(from + BATCH_ROWS, features.rowCount);
        probabilities.set(await scoreBatch(features, from, to), from);
      }
      return probabilities;
    },
    async [Symbol.asyncDispose]() {
      await session.release();
    },
  };
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
