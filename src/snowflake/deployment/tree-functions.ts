/** An ensemble as functions of Snowflake, in JavaScript, which needs no package there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChurnMcpError } from '../../errors.ts';
import { sha256Of } from '../../files/checksum.ts';
import type { Tree } from '../../gbdt/tree.ts';
import { packageRoot } from '../../package-root.ts';

/** Trees in a function's text, in characters: Snowflake recommends at most 100 KB for all of it. */
const MOST_TREE_TEXT = 64_000;
const BYTES_OF_NODE = 8;
const LEAF = 0xffff;
const MISSING_GOES_LEFT = 0x8000;

export interface TreeFunctions {
  /** Bodies in JavaScript; each adds its trees to the score of the one before. */
  readonly parts: readonly string[];
  /** Of `addend` and the features, in order: `f0`, `f1`, … */
  readonly argumentNames: readonly string[];
}

/** @throws INVALID_ARGUMENT where a tree is too large for a function */
export function treeFunctions(allTrees: readonly Tree[], featureNames: readonly string[]): TreeFunctions {
  const argumentNames = featureNames.map((_, index) => `f${index}`);
  const walker = readFileSync(join(packageRoot(), 'sql', 'snowflake', 'score_trees.js'), 'utf8');
  const values = argumentNames.map((name) => name.toUpperCase()).join(', ');
  const parts = partsOf(allTrees.map(packTree)).map((trees) => {
    const nodes = Buffer.concat(trees);
    const counts = trees.map(countOf).join(', ');
    // An undeclared variable is kept for the next rows. Other functions may see it, so its name says what it holds.
    const kept = `trees_${sha256Of(`${counts} ${nodes.toString('hex')}`).slice(0, 16)}`;
    return [
      walker,
      `if (typeof ${kept} === 'undefined') ${kept} = treesOf('${nodes.toString('base64')}', [${counts}]);`,
      `return addLeaves(${kept}, [${values}], ADDEND);`,
    ].join('\n');
  });
  return { parts, argumentNames };
}

/** Consecutive trees, as many as a function may hold. */
function partsOf(trees: readonly Buffer[]): Buffer[][] {
  const parts: Buffer[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const tree of trees) {
    const textLength = (tree.length * 4) / 3;
    if (length + textLength > MOST_TREE_TEXT) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(tree);
    length += textLength;
  }
  return parts;
}

/** Every node before its left subtree, and that before the right one. */
function packTree(tree: Tree): Buffer {
  const nodes: Buffer[] = [];
  const append = (node: number): void => {
    const packed = Buffer.alloc(BYTES_OF_NODE);
    const at = nodes.push(packed) - 1;
    const feature = tree.splitFeatures[node];
    if (feature < 0) {
      packed.writeUInt16LE(LEAF, 0);
      packed.writeFloatLE(tree.leafValues[node], 4);
      return;
    }
    append(tree.leftChildren[node]);
    const distance = nodes.length - at;
    if (distance > 0xffff || feature >= MISSING_GOES_LEFT - 1) {
      throw new ChurnMcpError('INVALID_ARGUMENT', 'A tree of the model is too large for Snowflake.', {
        hint: 'Train with a smaller max_depth.',
      });
    }
    packed.writeUInt16LE(feature + (tree.defaultLeft[node] === 1 ? MISSING_GOES_LEFT : 0), 0);
    packed.writeUInt16LE(distance, 2);
    packed.writeFloatLE(tree.thresholds[node], 4);
    append(tree.rightChildren[node]);
  };
  append(0);
  return Buffer.concat(nodes);
}

function countOf(tree: Buffer): number {
  return tree.length / BYTES_OF_NODE;
}
