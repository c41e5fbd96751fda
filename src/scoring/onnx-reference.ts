import type { InferenceSession } from 'onnxruntime-node';
import { rowMajor, sharedColumnOf } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { seededRandom } from '../dataset/seeded-random.ts';
import { ChurnMcpError } from '../errors.ts';
import { thresholdsOf } from '../gbdt/tree.ts';
import {
  INPUT_FEATURES,
  OUTPUT_PROBABILITY,
  OUTPUT_RANK_SCORE,
  OUTPUT_RAW_SCORE,
} from '../onnx/export-onnx.ts';
import { readFeatureNames } from '../onnx/feature-names.ts';
import { type OnnxTrees, readTrees } from '../onnx/read-trees.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';
import type { Scores } from './scorer.ts';
import { openTreeWalker, type ScoringModel, scoreRows, scoringModelOf } from './scoring-model.ts';

const SAMPLE_ROWS = 512;
const SEED = 22;
const HINT = 'Train the model again, or promote another version (list_models shows them).';
/** Values that comparisons and sums treat each in its own way. */
const SPECIAL_VALUES = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  3.4028234663852886e38,
  1.401298464324817e-45,
];

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
 * Reads the trees of an exported model, and has the ONNX runtime score a sample of rows: the kernel, which scores all others,
 * must give the same bits.
 *
 * @throws MODEL_CORRUPT if the bytes are not a model that `exportOnnx` wrote, SCORES_DIFFER if a bit of a score differs
 */
export async function openScoringModel(
  onnx: Uint8Array,
): Promise<ScoringModel & { readonly featureNames: readonly string[] }> {
  return openTrees(onnx, readTrees(onnx));
}

async function openTrees(onnx: Uint8Array, trees: OnnxTrees | undefined) {
  const featureNames = readFeatureNames(onnx);
  if (featureNames === undefined || trees === undefined) throw notOurModel();
  const model = scoringModelOf(trees);
  const sample = sampleRows(trees, featureNames);
  const ours = scoreRows(model, sample, await openTreeWalker());
  const theirs = await scoreByRuntime(onnx, sample);
  if (!isSame(ours.probabilities, theirs.probabilities) || !isSame(ours.rankScores, theirs.rankScores)) {
    throw new ChurnMcpError(
      'SCORES_DIFFER',
      "The model's scores are not those that the ONNX runtime gives.",
      { hint: HINT },
    );
  }
  return { ...model, featureNames };
}

function isSame(ours: Float32Array | Float64Array, theirs: Float32Array | Float64Array): boolean {
  return ours.length === theirs.length && ours.every((value, row) => Object.is(value, theirs[row]));
}

/**
 * Checks a file before it is registered. A model of a table reads its columns one by one, texts among them, and the runtime
 * itself scores all its rows.
 *
 * @throws as `openScoringModel`
 */
export async function assertScoresOfRuntime(onnx: Uint8Array): Promise<void> {
  const trees = readTrees(onnx);
  if (trees?.input === INPUT_FEATURES) await openTrees(onnx, trees);
}

/** Rows of values at the thresholds of their features, next to them, special or ordinary: always the same ones for a model. */
function sampleRows({ rawScore, ranking = [] }: OnnxTrees, featureNames: readonly string[]): FeatureMatrix {
  const random = seededRandom(SEED);
  const pick = (values: ArrayLike<number>) => values[Math.floor(random() * values.length)];
  const thresholds = thresholdsOf([...rawScore, ...ranking], featureNames.length);
  const columns = thresholds.map((ofFeature) =>
    sharedColumnOf(
      Array.from({ length: SAMPLE_ROWS }, () => {
        const kind = random();
        if (ofFeature.length === 0 || kind < 0.1) return pick(SPECIAL_VALUES);
        const threshold = pick(ofFeature);
        if (kind < 0.4) return threshold;
        return nextFloat(threshold, kind < 0.7 ? 1 : -1);
      }),
    ),
  );
  return { featureNames, rowCount: SAMPLE_ROWS, columns };
}

const asFloat = new Float32Array(1);
const asBits = new Int32Array(asFloat.buffer);

/** The float32 after a value, upwards or downwards in magnitude. */
function nextFloat(value: number, step: 1 | -1): number {
  asFloat[0] = value;
  asBits[0] += step;
  return asFloat[0];
}

async function scoreByRuntime(onnx: Uint8Array, features: FeatureMatrix): Promise<Scores> {
  const runtime = await loadOnnxRuntime();
  const session = await runtime.InferenceSession.create(onnx, SESSION_OPTIONS).catch((cause: unknown) => {
    throw notOurModel(cause);
  });
  try {
    const { rowCount, columns } = features;
    const ranks = session.outputNames.includes(OUTPUT_RANK_SCORE) ? OUTPUT_RANK_SCORE : OUTPUT_RAW_SCORE;
    const input = new runtime.Tensor('float32', rowMajor(features), [rowCount, columns.length]);
    const outputs = await session.run({ [INPUT_FEATURES]: input }, [OUTPUT_PROBABILITY, ranks]);
    const [probabilities, rankScores] = [outputs[OUTPUT_PROBABILITY]?.data, outputs[ranks]?.data];
    if (!(probabilities instanceof Float32Array)) throw notOurModel();
    if (rankScores instanceof Float64Array) return { probabilities, rankScores };
    if (rankScores instanceof Float32Array)
      return { probabilities, rankScores: Float64Array.from(rankScores) };
    throw notOurModel();
  } finally {
    await session.release();
  }
}

/** The error for bytes that no version of churn-mcp writes. */
export function notOurModel(cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('MODEL_CORRUPT', 'The model file cannot be read as an ONNX model of churn-mcp.', {
    hint: HINT,
    cause,
  });
}
