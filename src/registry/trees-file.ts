import { endianness } from 'node:os';
import { z } from 'zod';
import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';

/**
 * Each array of `Tree` holds all trees' nodes one after the other, as base64 of its little-endian bytes (float32, int32 or
 * uint8): every bit comes back, infinite thresholds included, at a third of the size of decimals. `node_counts` cuts them
 * into trees; child indices are within their tree.
 */
const treeArraysSchema = z.strictObject({
  node_counts: z.array(z.int().min(1)),
  split_features: z.string(),
  thresholds: z.string(),
  left_children: z.string(),
  right_children: z.string(),
  default_left: z.string(),
  leaf_values: z.string(),
  gains: z.string(),
  covers: z.string(),
});
type TreeArrays = z.infer<typeof treeArraysSchema>;

/** The file `trees.json`: the ensemble as the learner made it, kept for explanations. */
const treesFileSchema = z.strictObject({
  schema: z.literal(1),
  feature_names: z.array(z.string()),
  base_score: z.string(),
  ...treeArraysSchema.shape,
  /** Of a model that ranks by more than its raw score; absent in others and in older files. */
  ranking: treeArraysSchema.optional(),
});
type TreesFile = z.infer<typeof treesFileSchema>;

/** The text of `trees.json`; the same ensemble always gives the same text. */
export function formatTrees(ensemble: TreeEnsemble): string {
  const { trees, rankingTrees } = ensemble;
  const file: TreesFile = {
    schema: 1,
    feature_names: [...ensemble.featureNames],
    base_score: encode([Float32Array.of(ensemble.baseScore)]),
    ...toArrays(trees),
    ...(rankingTrees && { ranking: toArrays(rankingTrees) }),
  };
  return `${JSON.stringify(file)}\n`;
}

function toArrays(trees: readonly Tree[]): TreeArrays {
  return {
    node_counts: trees.map((tree) => tree.splitFeatures.length),
    split_features: encode(trees.map((tree) => tree.splitFeatures)),
    thresholds: encode(trees.map((tree) => tree.thresholds)),
    left_children: encode(trees.map((tree) => tree.leftChildren)),
    right_children: encode(trees.map((tree) => tree.rightChildren)),
    default_left: Buffer.concat(trees.map((tree) => tree.defaultLeft)).toString('base64'),
    leaf_values: encode(trees.map((tree) => tree.leafValues)),
    gains: encode(trees.map((tree) => tree.gains)),
    covers: encode(trees.map((tree) => tree.covers)),
  };
}

/** Reads `trees.json` back. Throws where the text is no such file or its trees could not be walked. */
export function parseTrees(text: string): TreeEnsemble {
  const { ranking, ...file } = treesFileSchema.parse(JSON.parse(text));
  const featureCount = file.feature_names.length;
  return {
    featureNames: file.feature_names,
    baseScore: decodeFloat32(file.base_score, 1)[0],
    trees: toTrees(file, featureCount),
    ...(ranking && { rankingTrees: toTrees(ranking, featureCount) }),
  };
}

function toTrees(file: TreeArrays, featureCount: number): Tree[] {
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
  return file.node_counts.map((count) => {
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
    checkWalkable(tree, featureCount);
    return tree;
  });
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

function encode(arrays: readonly (Float32Array | Int32Array)[]): string {
  const bytes = Buffer.concat(
    arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)),
  );
  return toLittleEndian(bytes).toString('base64');
}

function decodeFloat32(base64: string, length: number): Float32Array {
  return new Float32Array(decodeWords(base64, length));
}

function decodeInt32(base64: string, length: number): Int32Array {
  return new Int32Array(decodeWords(base64, length));
}

function decodeWords(base64: string, length: number): ArrayBuffer {
  const bytes = toLittleEndian(decodeBytes(base64, 4 * length));
  // A copy of its own: Node's buffers may begin anywhere, typed arrays at a multiple of four.
  return Uint8Array.from(bytes).buffer;
}

function decodeBytes(base64: string, byteLength: number): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== byteLength) throw new RangeError('An array of the trees has the wrong length.');
  return bytes;
}

/** From the machine's byte order or to it, so that a home folder can move between machines. */
function toLittleEndian(words: Buffer): Buffer {
  return endianness() === 'LE' ? words : words.swap32();
}
