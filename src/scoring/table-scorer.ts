import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ColumnCells } from '../data/feature-table/feature-table.ts';
import { throwIfAborted } from '../errors.ts';
import { OUTPUT_PROBABILITY } from '../onnx/export-onnx.ts';
import { columnInputName } from '../onnx/export-table-onnx.ts';
import { notOurModel, SESSION_OPTIONS } from './onnx-reference.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';

const BATCH_ROWS = 4096;

/**
 * Scores rows of a table with a version's ONNX file, which reads the columns unencoded: numbers as floats, categories as
 * texts, a missing category as the empty text.
 *
 * @throws MODEL_CORRUPT if the bytes are not a model of a table
 */
export async function scoreCells(
  onnx: Uint8Array,
  cells: readonly ColumnCells[],
  rowCount: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const runtime = await loadOnnxRuntime();
  const session = await runtime.InferenceSession.create(onnx, SESSION_OPTIONS).catch((cause: unknown) => {
    throw notOurModel(cause);
  });
  const probabilities = new Float32Array(rowCount);
  try {
    for (let from = 0; from < rowCount; from += BATCH_ROWS) {
      throwIfAborted(signal);
      const to = Math.min(rowCount, from + BATCH_ROWS);
      const inputs = cells.map((column, i): [string, Tensor] => {
        const tensor =
          column.kind === 'category'
            ? new runtime.Tensor('string', textsOf(column.values, from, to), [to - from, 1])
            : new runtime.Tensor('float32', Float32Array.from(column.values.subarray(from, to)), [
                to - from,
                1,
              ]);
        return [columnInputName(i), tensor];
      });
      probabilities.set(await runBatch(session, Object.fromEntries(inputs)), from);
    }
    return probabilities;
  } finally {
    await session.release();
  }
}

function textsOf(values: readonly (string | null)[], from: number, to: number): string[] {
  return values.slice(from, to).map((value) => value ?? '');
}

async function runBatch(session: InferenceSession, inputs: Record<string, Tensor>): Promise<Float32Array> {
  const outputs = await session.run(inputs, [OUTPUT_PROBABILITY]).catch((cause: unknown) => {
    throw notOurModel(cause);
  });
  const data = outputs[OUTPUT_PROBABILITY]?.data;
  if (!(data instanceof Float32Array)) throw notOurModel();
  return data;
}
