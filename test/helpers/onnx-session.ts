import type { OnnxValue } from 'onnxruntime-node';
import type { FeatureMatrix } from '../../src/dataset/feature-matrix.ts';
import { loadOnnxRuntime } from '../../src/scoring/onnx-runtime.ts';

/** The outputs of an exported file, the whole matrix in one run on one thread. */
export async function runOnnx(
  onnx: Uint8Array,
  features: FeatureMatrix,
): Promise<{ rawScores: Float32Array; probabilities: Float32Array; rankScores: unknown }> {
  const runtime = await loadOnnxRuntime();
  const session = await runtime.InferenceSession.create(onnx, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const featureCount = features.columns.length;
  const block = new Float32Array(features.rowCount * featureCount);
  for (let row = 0; row < features.rowCount; row++) {
    for (let feature = 0; feature < featureCount; feature++) {
      block[row * featureCount + feature] = features.columns[feature][row];
    }
  }
  const outputs = await session.run({
    features: new runtime.Tensor('float32', block, [features.rowCount, featureCount]),
  });
  await session.release();
  return {
    rawScores: floats(outputs.raw_score),
    probabilities: floats(outputs.probability),
    rankScores: outputs.rank_score?.data,
  };
}

function floats(tensor: OnnxValue | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('The output is missing or not float32.');
  return tensor.data;
}
