import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { z } from 'zod';
import { FEATURE_NAMES_KEY } from './export-onnx.ts';
import { ModelProtoSchema, StringStringEntryProtoSchema } from './onnx_pb.ts';

const namesSchema = z.array(z.string()).min(1);

/**
 * The feature names of a file, in the order of its columns, or undefined if it has none or is not an ONNX file. Only the
 * metadata is decoded: the graph, which is all the rest of the bytes, is skipped over.
 */
export function readFeatureNames(onnx: Uint8Array): string[] | undefined {
  try {
    const reader = new BinaryReader(onnx);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field !== ModelProtoSchema.field.metadataProps.number) {
        reader.skip(wireType, field);
        continue;
      }
      if (wireType !== WireType.LengthDelimited) return undefined;
      const entry = fromBinary(StringStringEntryProtoSchema, reader.bytes());
      if (entry.key === FEATURE_NAMES_KEY) return namesSchema.parse(JSON.parse(entry.value));
    }
    return undefined;
  } catch {
    return undefined;
  }
}
