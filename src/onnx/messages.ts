import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type StringStringEntryProto,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb.ts';

/** ONNX messages of the few shapes our graphs are made of. Attribute names keep the specification's spelling. */

const encoder = new TextEncoder();

export function intAttribute(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
}

export function intsAttribute(name: string, values: readonly number[]): AttributeProto {
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.INTS,
    ints: values.map((value) => BigInt(value)),
  });
}

export function floatAttribute(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value });
}

export function floatsAttribute(name: string, values: readonly number[]): AttributeProto {
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.FLOATS,
    floats: [...values],
  });
}

export function stringAttribute(name: string, value: string): AttributeProto {
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.STRING,
    s: encoder.encode(value),
  });
}

export function stringsAttribute(name: string, values: readonly string[]): AttributeProto {
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.STRINGS,
    strings: values.map((value) => encoder.encode(value)),
  });
}

/** One operator; the node is named after its output, which is unique in a graph. */
export function operator(
  opType: string,
  inputs: readonly string[],
  output: string,
  options: { domain?: string; attributes?: readonly AttributeProto[] } = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    domain: options.domain ?? '',
    name: `${output}_node`,
    input: [...inputs],
    output: [output],
    attribute: [...(options.attributes ?? [])],
  });
}

/** A constant of one double, without dimensions, so that it broadcasts over any shape. */
export function doubleScalar(name: string, value: number): TensorProto {
  return create(TensorProtoSchema, { name, dataType: TensorProto_DataType.DOUBLE, doubleData: [value] });
}

/** A graph input or output: a float matrix with a free, named first dimension. */
export function floatMatrix(name: string, rows: string, columns: number): ValueInfoProto {
  return matrix(name, TensorProto_DataType.FLOAT, rows, columns);
}

/** The same of doubles. */
export function doubleMatrix(name: string, rows: string, columns: number): ValueInfoProto {
  return matrix(name, TensorProto_DataType.DOUBLE, rows, columns);
}

/** A graph input of one column. */
export function columnInput(name: string, rows: string, type: 'float' | 'string'): ValueInfoProto {
  return matrix(name, type === 'float' ? TensorProto_DataType.FLOAT : TensorProto_DataType.STRING, rows, 1);
}

function matrix(name: string, elemType: TensorProto_DataType, rows: string, columns: number): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType,
          shape: {
            dim: [
              { value: { case: 'dimParam', value: rows } },
              { value: { case: 'dimValue', value: BigInt(columns) } },
            ],
          },
        },
      },
    },
  });
}

/** Entries in the order of their keys, so that the same content gives the same bytes. */
export function stringEntries(entries: Readonly<Record<string, string>>): StringStringEntryProto[] {
  return Object.keys(entries)
    .sort()
    .map((key) => create(StringStringEntryProtoSchema, { key, value: entries[key] }));
}
