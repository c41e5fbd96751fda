import { z } from 'zod';
import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';

/**
 * The file `trees.json`: the ensemble as the learner made it, kept for explanations. Each array of `Tree` holds all
 * trees' nodes one after the other, as base64 of its little-endian bytes (float32, int32 or uint8): every bit comes
 * back, infinite thresholds included, at a third of the size of decimals. `node_counts` cuts them into trees; child
 * indices are within their tree.
 */
const treesFileSchema = z.strictObject({
  schema: z.literal(1),
  feature_names: z.array(z.string()),
  base_score: z.base64(),
  node_counts: z.array(z.int().min(1)),
  split_features: z.base64(),
  thresholds: z.base64(),
  left_children: z.base64(),
  right_children: z.base64(),
  default_left: z.base64(),
  leaf_values: z.base64(),
  gains: z.base64(),
  covers: z.base64(),
});
type TreesFile = z.infer<typeof treesFileSchema>;

/** The text of `trees.json`; the same ensemble always gives the same text. */
export function formatTrees(ensemble: TreeEnsemble): string {
  const { trees } = ensemble;
  const file: TreesFile = {
    schema: 1,
    feature_names: [...ensemble.featureNames],
    base_score: encodeFloat32([[ensemble.baseScore]]),
    node_counts: trees.map((tree) => tree.splitFeatures.length),
    split_features: encodeInt32(trees.map((tree) => tree.splitFeatures)),
    thresholds: encodeFloat32(trees.map((tree) => tree.thresholds)),
    left_children: encodeInt32(trees.map((tree) => tree.leftChildren)),
    right_children: encodeInt32(trees.map((tree) => tree.rightChildren)),
    default_left: Buffer.concat(trees.map((tree) => tree.defaultLeft)).toString('base64'),
    leaf_values: encodeFloat32(trees.map((tree) => tree.leafValues)),
    gains: encodeFloat32(trees.map((tree) => tree.gains)),
    covers: encodeFloat32(trees.map((tree) => tree.covers)),
  };
  return `${JSON.stringify(file)}\n`;
}

/** Reads `trees.json` back. Throws where the text is no such file or its trees could not be walked. */
export function parseTrees(text: string): TreeEnsemble {
  const file = treesFileSchema.parse(JSON.parse(text));
  const nodeCount = file.node_counts.reduce((sum, count) => sum + count, 0);
  const splitFeatures = decodeInt32(file.split_features, nodeCount);
  const thresholds = decodeFloat32(file.thresholds, nodeCount);
  const leftChildren = decodeInt32(file.left_children, nodeCount);
  const rightChildren = decodeInt32(file.right_children, nodeCount);
  const defaultLeft = Uint8Array.from(decodeBytes(file.default_left, nodeCount));
  const leafValues = decodeFloat32(file.leaf_values, nodeCount);
  const gains = decodeFloat32(file.gains, nodeCount);
  const covers = decodeFloat32(file.covers, nodeCount);
  let start = 0;
  const trees = file.node_counts.map((count) => {
    const end = start + count;
    const tree = {
      splitFeatures: splitFeatures.slice(start, end),
      thresholds: thresholds.slice(start, end),
      leftChildren: leftChildren.slice(start, end),
      rightChildren: rightChildren.slice(start, end),
      defaultLeft: defaultLeft.slice(start, end),
      leafValues: leafValues.slice(start, end),
      gains: gains.slice(start, end),
      covers: covers.slice(start, end),
    };
    start = end;
    checkWalkable(tree, file.feature_names.length);
    return tree;
  });
  return { featureNames: file.feature_names, baseScore: decodeFloat32(file.base_score, 1)[0], trees };
}

/** Children come after their parent and within the tree, so that every walk ends in a leaf. */
function checkWalkable(tree: Tree, featureCount: number): void {
  const nodeCount = tree.splitFeatures.length;
  for (let node = 0; node < nodeCount; node++) {
    const feature = tree.splitFeatures[node];
    if (feature < 0) continue;
    const children = [tree.leftChildren[node], tree.rightChildren[node]];
    if (feature >= featureCount || children.some((child) => child <= node || child >= nodeCount)) {
      throw new RangeError(`Node ${node} of a tree points outside of it.`);
    }
  }
}

/** Little-endian whatever the machine, so that a home folder can move between machines. */
function encodeFloat32(arrays: readonly ArrayLike<number>[]): string {
  return encode(arrays, (bytes, value, offset) => bytes.writeFloatLE(value, offset));
}

function encodeInt32(arrays: readonly ArrayLike<number>[]): string {
  return encode(arrays, (bytes, value, offset) => bytes.writeInt32LE(value, offset));
}

function encode(
  arrays: readonly ArrayLike<number>[],
  write: (bytes: Buffer, value: number, offset: number) => void,
): string {
  const bytes = Buffer.alloc(4 * arrays.reduce((sum, array) => sum + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    for (let index = 0; index < array.length; index++, offset += 4) write(bytes, array[index], offset);
  }
  return bytes.toString('base64');
}

function decodeFloat32(base64: string, length: number): Float32Array {
  const bytes = decodeBytes(base64, 4 * length);
  return Float32Array.from({ length }, (_, index) => bytes.readFloatLE(4 * index));
}

function decodeInt32(base64: string, length: number): Int32Array {
  const bytes = decodeBytes(base64, 4 * length);
  return Int32Array.from({ length }, (_, index) => bytes.readInt32LE(4 * index));
}

function decodeBytes(base64: string, byteLength: number): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== byteLength) throw new RangeError('An array of the trees has the wrong length.');
  return bytes;
}
