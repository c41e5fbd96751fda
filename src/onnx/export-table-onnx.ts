import { create } from '@bufbuild/protobuf';
import type { CategoryEncoding, TableEncoding } from '../features/category-encoding.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import { modelProto, OUTPUT_PROBABILITY, OUTPUT_RAW_SCORE } from './export-onnx.ts';
import {
  columnInput,
  floatAttribute,
  floatMatrix,
  floatsAttribute,
  intAttribute,
  operator,
  stringsAttribute,
} from './messages.ts';
import { GraphProtoSchema, type NodeProto } from './onnx_pb.ts';
import { probabilityNodes } from './probability-nodes.ts';
import { treeEnsembleNode } from './tree-ensemble-node.ts';

const ENCODED = 'encoded_columns';

/** The name of a column's input: its number, because a file's own names may be anything. */
export function columnInputName(column: number): string {
  return `column_${column}`;
}

/**
 * Writes an ensemble over a table's columns as an ONNX file that alone, fed the columns as they are, gives the
 * probability. Each column is an input of its own, `column_0` …, in the order of the feature names:
 *
 *     column_i [N, 1] float  ──────────────────┐
 *     column_j [N, 1] string ── LabelEncoder ──┴ Concat ─ TreeEnsembleRegressor ─┬── raw_score   [N, 1] float
 *                                                                                └── probability [N, 1] float
 *
 * A missing number is NaN, a missing category the empty string; an unseen one has the encoder's default.
 */
export function exportTableOnnx(
  ensemble: TreeEnsemble,
  encoding: TableEncoding,
  { model }: { readonly model: string },
): Uint8Array {
  const encoders: NodeProto[] = [];
  const numbers = encoding.map((codes, i) => {
    const input = columnInputName(i);
    if (codes === undefined) return input;
    encoders.push(labelEncoder(input, codes));
    return encodedName(input);
  });
  const probability = probabilityNodes(OUTPUT_RAW_SCORE, OUTPUT_PROBABILITY);
  const graph = create(GraphProtoSchema, {
    name: model,
    node: [
      ...encoders,
      operator('Concat', numbers, ENCODED, { attributes: [intAttribute('axis', 1)] }),
      treeEnsembleNode(ensemble, ENCODED, OUTPUT_RAW_SCORE),
      ...probability.nodes,
    ],
    initializer: probability.initializers,
    input: encoding.map((codes, i) =>
      columnInput(columnInputName(i), 'N', codes === undefined ? 'float' : 'string'),
    ),
    output: [floatMatrix(OUTPUT_RAW_SCORE, 'N', 1), floatMatrix(OUTPUT_PROBABILITY, 'N', 1)],
  });
  return modelProto(graph, ensemble.featureNames, { model });
}

function encodedName(input: string): string {
  return `${input}_code`;
}

/** Programs spell truth values differently: each spelling has the code of the table's own `true` or `false`. */
function spellingsOf([key, code]: readonly [string, number]): (readonly [string, number])[] {
  if (key !== 'true' && key !== 'false') return [[key, code]];
  return [key, key.toUpperCase(), `${key[0].toUpperCase()}${key.slice(1)}`].map((spelling) => [
    spelling,
    code,
  ]);
}

/** Categories in the order of their texts, so that the same encoding gives the same bytes. */
function labelEncoder(input: string, { codes, other }: CategoryEncoding): NodeProto {
  // A spelling that is a category of its own keeps its own code.
  const entries = [...new Map([...[...codes].flatMap(spellingsOf), ...codes])].sort(([one], [next]) =>
    one < next ? -1 : 1,
  );
  // The operator wants at least one key; the missing category is always one to ask about.
  const keys = entries.length > 0 ? entries : [['', other] as const];
  return operator('LabelEncoder', [input], encodedName(input), {
    domain: 'ai.onnx.ml',
    attributes: [
      stringsAttribute(
        'keys_strings',
        keys.map(([key]) => key),
      ),
      floatsAttribute(
        'values_floats',
        keys.map(([, value]) => value),
      ),
      floatAttribute('default_float', other),
    ],
  });
}
