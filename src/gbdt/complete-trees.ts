/**
 * Trees laid out for the kernel's walk (`kernel/walking.ts`): filled up to their depth, so that a node's number within its
 * level leads to its children by arithmetic, and every value and threshold replaced by its rank, one byte.
 */
import { HIGHEST_RANK, LEVEL_HEADER_BYTES, LOWEST_RANK, PART_LANES } from './kernel/layout.ts';
import { depthOf, type Tree } from './tree.ts';

/** Deepest tree whose leaves a byte can number. */
export const MOST_DEPTH = 8;
/** Most thresholds of a feature that a byte can rank a value among. */
const MOST_THRESHOLDS = HIGHEST_RANK - LOWEST_RANK;

/** A column of ranks: of a feature's values, the missing ones below or above all others. */
export interface RankedColumn {
  readonly feature: number;
  readonly missingRank: number;
  /** Ascending, padded with +infinity to one less than a power of two. */
  readonly thresholds: Float32Array;
}

/** Trees one after the other that share their columns of ranks. */
export interface CompleteTrees {
  readonly columns: readonly RankedColumn[];
  readonly treeCount: number;
  readonly tables: Uint8Array;
}

/**
 * Lays trees out in their order, in several runs if one would have more thresholds of a feature than a byte can tell apart.
 * No tree may be deeper than `MOST_DEPTH`.
 */
export function completeTrees(trees: readonly Tree[]): CompleteTrees[] {
  const runs: { readonly trees: Tree[]; readonly thresholds: Map<number, Set<number>> }[] = [];
  for (const tree of trees) {
    let run = runs.at(-1);
    if (run === undefined || !addThresholds(tree, run.thresholds)) {
      run = { trees: [], thresholds: new Map() };
      runs.push(run);
      addThresholds(tree, run.thresholds);
    }
    run.trees.push(tree);
  }
  return runs.map((run) => layOut(run.trees, run.thresholds));
}

/** Adds a tree's thresholds by feature, or returns false and adds none if there would be too many. */
function addThresholds({ splitFeatures, thresholds }: Tree, known: Map<number, Set<number>>): boolean {
  const added = new Map<number, Set<number>>();
  for (const [node, feature] of splitFeatures.entries()) {
    if (feature < 0 || known.get(feature)?.has(thresholds[node])) continue;
    const ofFeature = added.get(feature);
    if (ofFeature) ofFeature.add(thresholds[node]);
    else added.set(feature, new Set([thresholds[node]]));
  }
  for (const [feature, values] of added) {
    if (values.size + (known.get(feature)?.size ?? 0) > MOST_THRESHOLDS) return false;
  }
  for (const [feature, values] of added) {
    const ofFeature = known.get(feature) ?? new Set();
    for (const value of values) ofFeature.add(value);
    known.set(feature, ofFeature);
  }
  return true;
}

function layOut(trees: readonly Tree[], thresholds: ReadonlyMap<number, Set<number>>): CompleteTrees {
  const sorted = new Map(
    [...thresholds].map(([feature, values]) => [feature, Float32Array.from(values).sort()]),
  );
  const sides = new Set(
    trees.flatMap((tree) => [...tree.splitFeatures.keys()].map((node) => sideOf(tree, node))),
  );
  // Columns of one feature follow each other, so that its values are read once.
  const ofColumns = [...sides].filter((side) => side >= 0).sort((one, next) => one - next);
  const ranking = {
    columns: new Map(ofColumns.map((side, column) => [side, column])),
    ranks: new Map([...sorted].map(([feature, values]) => [feature, ranksOf(values)])),
  };
  return {
    columns: ofColumns.map((side) => ({
      feature: side >> 1,
      missingRank: side & 1 ? LOWEST_RANK : HIGHEST_RANK,
      thresholds: padded(sorted.get(side >> 1)),
    })),
    treeCount: trees.length,
    tables: joined(trees.map((tree) => tableOf(tree, ranking))),
  };
}

/** A number for the feature of a split and the side that its missing values go to; negative for a leaf. */
function sideOf({ splitFeatures, defaultLeft }: Tree, node: number): number {
  return 2 * splitFeatures[node] + defaultLeft[node];
}

function ranksOf(values: Float32Array): Map<number, number> {
  return new Map(Array.from(values, (value, index) => [value, LOWEST_RANK + index]));
}

function padded(values: Float32Array = new Float32Array()): Float32Array {
  const table = new Float32Array(2 ** Math.ceil(Math.log2(values.length + 1)) - 1);
  table.fill(Number.POSITIVE_INFINITY);
  table.set(values);
  return table;
}

interface Ranking {
  /** The number of each side's column. */
  readonly columns: ReadonlyMap<number, number>;
  /** By feature: of each threshold the highest rank that goes left. */
  readonly ranks: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** A node to lay out, and its number within its level. */
interface Slot {
  readonly node: number;
  readonly number: number;
}

/** A tree's table: a header, its levels, its leaves. A leaf above the last level stands at the left end below itself. */
function tableOf(tree: Tree, ranking: Ranking): Uint8Array {
  const depth = depthOf(tree);
  const levels: Uint8Array[] = [];
  let slots: readonly Slot[] = [{ node: 0, number: 0 }];
  for (let level = 0; level < depth; level++) {
    levels.push(levelOf(tree, slots, 2 ** level, ranking));
    slots = slots.flatMap(({ node, number }) =>
      tree.splitFeatures[node] < 0
        ? [{ node, number: 2 * number }]
        : [
            { node: tree.leftChildren[node], number: 2 * number },
            { node: tree.rightChildren[node], number: 2 * number + 1 },
          ],
    );
  }
  const leaves = new Float32Array(Math.max(2 ** depth, HEADER_WORDS));
  for (const { node, number } of slots) leaves[number] = tree.leafValues[node];
  const below = joined(levels);
  const header = headerOf(depth, LEVEL_HEADER_BYTES + below.length, 4 * leaves.length);
  return joined([header, below, new Uint8Array(leaves.buffer)]);
}

const HEADER_WORDS = LEVEL_HEADER_BYTES / 4;

/** Three words: a count, where the second part begins, and where the next header is. */
function headerOf(count: number, second: number, rest: number): Uint8Array {
  const header = new Uint32Array(HEADER_WORDS);
  header.set([count, second, second + rest]);
  return new Uint8Array(header.buffer);
}

/** A level's table: a header, the columns that its nodes compare, and per node which of these and the highest rank that goes left. */
function levelOf(tree: Tree, slots: readonly Slot[], nodeCount: number, ranking: Ranking): Uint8Array {
  const width = Math.max(nodeCount, PART_LANES);
  const columns: number[] = [];
  const choices = new Uint8Array(width);
  const limits = new Int8Array(width).fill(HIGHEST_RANK);
  for (const { node, number } of slots) {
    const feature = tree.splitFeatures[node];
    if (feature < 0) continue;
    const column = ranking.columns.get(sideOf(tree, node)) ?? 0;
    const known = columns.indexOf(column);
    choices[number] = known >= 0 ? known : columns.push(column) - 1;
    limits[number] = ranking.ranks.get(feature)?.get(tree.thresholds[node]) ?? HIGHEST_RANK;
  }
  const listed = new Uint32Array(HEADER_WORDS * Math.ceil(columns.length / HEADER_WORDS));
  listed.set(columns);
  const header = headerOf(columns.length, LEVEL_HEADER_BYTES + 4 * listed.length, 2 * width);
  return joined([header, new Uint8Array(listed.buffer), choices, new Uint8Array(limits.buffer)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
