import { fromBinary } from '@bufbuild/protobuf';
import type { CategoryEncoding, TableEncoding } from '../features/category-encoding.ts';
import { columnInputName } from './export-table-onnx.ts';
import { type AttributeProto, ModelProtoSchema, type NodeProto } from './onnx_pb.ts';

const decoder = new TextDecoder();

/**
 * How a registered model of a table takes its columns: what `exportTableOnnx` wrote, read back. Reasons are then those of the
 * model that answers, whatever table has been imported since.
 *
 * @param columnCount columns of the model, of which some are categories
 */
export function readTableEncoding(onnx: Uint8Array, columnCount: number): TableEncoding {
  const { graph } = fromBinary(ModelProtoSchema, onnx);
  const encoders = new Map(
    (graph?.node ?? [])
      .filter(({ opType }) => opType === 'LabelEncoder')
      .map((node) => [node.input.at(0), encodingOf(node)]),
  );
  return Array.from({ length: columnCount }, (_, column) => encoders.get(columnInputName(column)));
}

function encodingOf({ attribute }: NodeProto): CategoryEncoding {
  const named = (name: string): AttributeProto | undefined => attribute.find((each) => each.name === name);
  const values = named('values_floats')?.floats ?? [];
  const keys = (named('keys_strings')?.strings ?? []).map((bytes) => decoder.decode(bytes));
  return {
    codes: new Map(keys.map((key, i) => [key, values[i]])),
    other: named('default_float')?.f ?? Number.NaN,
  };
}
