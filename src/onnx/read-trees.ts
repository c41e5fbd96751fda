import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { emptyTree, type Tree } from '../gbdt/tree.ts';
import { OUTPUT_RANK_SCORE, OUTPUT_RAW_SCORE } from './export-onnx.ts';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb.ts';

/** What a file's scores are sums of: leaves in float32, from 0 in the order of the trees, the base score's first. */
export interface OnnxTrees {
  /** The tensor whose columns the trees compare. */
  readonly input: string;
  readonly rawScore: readonly Tree[];
  /** Of a model that ranks by more than its raw score: what is added to it. */
  readonly ranking: readonly Tree[] | undefined;
}

/**
 * The trees of a file that `exportOnnx` wrote; undefined if it is none. Reads the few fields that matter off the wire: messages
 * of a whole file, with a bigint for each number, take ten times as long.
 */
export function readTrees(onnx: Uint8Array): OnnxTrees | undefined {
  try {
    const ensembles = new Map<string, Attributes>();
    const outputs: string[] = [];
    let input: string | undefined;
    for (const graph of messages(onnx, ModelProtoSchema.field.graph.number)) {
      for (const node of messages(graph, GraphProtoSchema.field.node.number)) {
        if (text(node, NodeProtoSchema.field.opType.number) !== 'TreeEnsembleRegressor') continue;
        input ??= text(node, NodeProtoSchema.field.input.number);
        ensembles.set(text(node, NodeProtoSchema.field.output.number), readAttributes(node));
      }
      for (const output of messages(graph, GraphProtoSchema.field.output.number)) {
        outputs.push(text(output, ValueInfoProtoSchema.field.name.number));
      }
    }
    const rawScore = ensembles.get(OUTPUT_RAW_SCORE);
    ensembles.delete(OUTPUT_RAW_SCORE);
    const [ranking] = ensembles.values();
    if (
      rawScore === undefined ||
      input === undefined ||
      outputs.includes(OUTPUT_RANK_SCORE) !== (ranking !== undefined)
    )
      return undefined;
    return { input, rawScore: treesOf(rawScore), ranking: ranking && treesOf(ranking) };
  } catch {
    return undefined;
  }
}

/** The messages, texts or bytes in a field of a message. */
function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === wanted && wireType === WireType.LengthDelimited) yield reader.bytes();
    else reader.skip(wireType, field);
  }
}

const decoder = new TextDecoder();

/** The first text in a field; empty if there is none. */
function text(bytes: Uint8Array, field: number): string {
  for (const value of messages(bytes, field)) return decoder.decode(value);
  return '';
}

/** The numbers of an operator by the attribute's name, and which nodes are leaves. */
interface Attributes {
  readonly numbers: ReadonlyMap<string, readonly number[]>;
  readonly leaves: readonly boolean[];
}

/** Compared byte by byte: decoding a text for each of very many nodes would take longer than all the rest. */
function isLeaf(mode: Uint8Array): boolean {
  if (isText(mode, 'LEAF')) return true;
  check(isText(mode, 'BRANCH_LT'));
  return false;
}

function isText(bytes: Uint8Array, text: string): boolean {
  return bytes.length === text.length && bytes.every((byte, i) => byte === text.charCodeAt(i));
}

function readAttributes(node: Uint8Array): Attributes {
  const numbers = new Map<string, readonly number[]>();
  let leaves: readonly boolean[] = [];
  for (const attribute of messages(node, NodeProtoSchema.field.attribute.number)) {
    const name = text(attribute, AttributeProtoSchema.field.name.number);
    if (name === 'nodes_modes') {
      leaves = Array.from(messages(attribute, AttributeProtoSchema.field.strings.number), isLeaf);
    } else {
      numbers.set(name, numbersOf(attribute));
    }
  }
  return { numbers, leaves };
}

/** Each of very many numbers has a tag of its own: these are compared as they stand in the bytes. */
const INT_TAG = tagOf(AttributeProtoSchema.field.ints.number, WireType.Varint);
const FLOAT_TAG = tagOf(AttributeProtoSchema.field.floats.number, WireType.Bit32);

function tagOf(field: number, wireType: WireType): number {
  return (field << 3) | wireType;
}

/** Ids and floats: no id is negative or needs more than 32 bits. */
function numbersOf(attribute: Uint8Array): number[] {
  const values: number[] = [];
  const reader = new BinaryReader(attribute);
  while (reader.pos < reader.len) {
    const tag = attribute[reader.pos];
    if (tag === INT_TAG || tag === FLOAT_TAG) {
      reader.pos++;
      values.push(tag === INT_TAG ? reader.uint32() : reader.float());
    } else {
      const [field, wireType] = reader.tag();
      reader.skip(wireType, field);
    }
  }
  return values;
}

/** @throws RangeError if the operator is not as `treeEnsembleNode` writes it */
function treesOf({ numbers, leaves }: Attributes): Tree[] {
  const column = (name: string, length: number) => {
    const values = numbers.get(name) ?? [];
    check(values.length === length);
    return values;
  };
  const ofNodes = (name: string) => column(`nodes_${name}`, leaves.length);
  const [treeIds, nodeIds] = [ofNodes('treeids'), ofNodes('nodeids')];
  const [features, thresholds] = [ofNodes('featureids'), ofNodes('values')];
  const [left, right] = [ofNodes('truenodeids'), ofNodes('falsenodeids')];
  const missingLeft = ofNodes('missing_value_tracks_true');
  const leafCount = leaves.filter(Boolean).length;
  const [ofTrees, ofLeaves, weights] = ['treeids', 'nodeids', 'weights'].map((name) =>
    column(`target_${name}`, leafCount),
  );
  const trees: Tree[] = [];
  let leaf = 0;
  for (let from = 0, to = 0; from < leaves.length; from = to) {
    while (treeIds[to] === treeIds[from]) to++;
    const tree = emptyTree(to - from);
    for (let node = 0, at = from; at < to; node++, at++) {
      check(nodeIds[at] === node);
      if (leaves[at]) {
        check(ofTrees[leaf] === treeIds[at] && ofLeaves[leaf] === node);
        tree.leafValues[node] = weights[leaf++];
        continue;
      }
      check(left[at] > node && right[at] > node);
      check(left[at] < to - from && right[at] < to - from && !Number.isNaN(thresholds[at]));
      tree.splitFeatures[node] = features[at];
      tree.thresholds[node] = thresholds[at];
      tree.leftChildren[node] = left[at];
      tree.rightChildren[node] = right[at];
      tree.defaultLeft[node] = missingLeft[at];
    }
    trees.push(tree);
  }
  return trees;
}

function check(holds: boolean): void {
  if (!holds) throw new RangeError('These are no trees that churn-mcp wrote.');
}
