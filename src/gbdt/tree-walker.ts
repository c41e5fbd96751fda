import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { type CompleteTrees, completeTrees, MOST_DEPTH, type RankedColumn } from './complete-trees.ts';
import { WALK_ROWS } from './kernel/layout.ts';
import type { WalkFunctions } from './kernel-functions.ts';
import { assertKernel } from './kernel-module.ts';
import { addLeafValues, fillBlock, toWalkableTree, type WalkableTree } from './predictor.ts';
import { PAGE_BYTES, STATIC_BYTES } from './training-memory.ts';
import { depthOf, type Tree } from './tree.ts';

const ALIGNMENT = 64;
/** Bytes of the nodes that rows are at which are walked at a time. */
const NODE_BYTES = 64;
/** How many times the memory that the first models need: a larger one is rare. */
const SPARE = 2;

/** Trees one after the other that are too deep for the kernel. */
interface DeepTrees {
  readonly deep: readonly WalkableTree[];
}

/** Trees ready to be walked, in their order. Plain data, which may be sent to threads. */
export type TreeRuns = readonly (CompleteTrees | DeepTrees)[];

export function toTreeRuns(trees: readonly Tree[]): TreeRuns {
  const runs: (CompleteTrees | DeepTrees)[] = [];
  for (let from = 0, to = 0; from < trees.length; from = to) {
    const isDeep = depthOf(trees[from]) > MOST_DEPTH;
    while (to < trees.length && depthOf(trees[to]) > MOST_DEPTH === isDeep) to++;
    const some = trees.slice(from, to);
    runs.push(...(isDeep ? [{ deep: some.map(toWalkableTree) }] : completeTrees(some)));
  }
  return runs;
}

/** Walks rows down trees, with the compiled kernel if it can. It has one memory: a thread needs only one of it. */
export class TreeWalker {
  readonly #module: WebAssembly.Module;
  #functions: WalkFunctions | undefined;
  #buffer: ArrayBufferLike = new SharedArrayBuffer(0);

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Per row the sum of the trees' leaves in float32, from a first addend on in the order of the trees. */
  sumLeaves(runs: TreeRuns, features: FeatureMatrix, addend = 0): Float32Array {
    const layout = layOut(runs);
    const functions = this.#functionsFor(layout.bytes);
    writeTables(layout, this.#buffer);
    const sums = new Float32Array(features.rowCount);
    const blockSums = new Float32Array(this.#buffer, layout.sums, WALK_ROWS);
    const rows = new Float32Array(runs.some(isDeep) ? WALK_ROWS * features.columns.length : 0);
    for (let from = 0; from < features.rowCount; from += WALK_ROWS) {
      const count = Math.min(WALK_ROWS, features.rowCount - from);
      const block = rows.length > 0 ? fillBlock(rows, features, from) : undefined;
      blockSums.fill(addend);
      for (const run of layout.runs) {
        if ('deep' in run) {
          if (block) for (const tree of run.deep) addLeafValues(tree, block, blockSums);
          continue;
        }
        this.#rankColumns(functions, { layout, columns: run.columns }, features, from);
        functions.addLeaves(run.tables, run.treeCount, layout.ranks, layout.nodes, count, layout.sums);
      }
      sums.set(blockSums.subarray(0, count), from);
    }
    return sums;
  }

  /** Ranks the values of a block of rows. Columns of the same feature follow each other, and its values are staged once. */
  #rankColumns(
    { rankColumn }: WalkFunctions,
    { layout, columns }: { readonly layout: WalkLayout; readonly columns: readonly PlacedColumn[] },
    features: FeatureMatrix,
    from: number,
  ): void {
    const count = Math.min(WALK_ROWS, features.rowCount - from);
    const staged = new Float32Array(this.#buffer, layout.values, WALK_ROWS);
    for (const [number, { column, thresholds }] of columns.entries()) {
      const { feature, missingRank } = column;
      if (columns[number - 1]?.column.feature !== feature) {
        staged.set(features.columns[feature].subarray(from, from + count));
      }
      const half = (column.thresholds.length + 1) / 2;
      rankColumn(layout.values, thresholds, half, missingRank, count, layout.ranks + number * WALK_ROWS);
    }
  }

  #functionsFor(bytes: number): WalkFunctions {
    if (this.#functions !== undefined && this.#buffer.byteLength >= bytes) return this.#functions;
    const pages = Math.ceil((SPARE * bytes) / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const { exports } = new WebAssembly.Instance(this.#module, { env: { memory } });
    assertKernel<WalkFunctions>(exports, { rankColumn: true, addLeaves: true });
    this.#functions = exports;
    this.#buffer = memory.buffer;
    return exports;
  }
}

interface PlacedColumn {
  readonly column: RankedColumn;
  /** Where its thresholds are. */
  readonly thresholds: number;
}

/** Complete trees in the walker's memory. */
interface PlacedTrees {
  readonly run: CompleteTrees;
  readonly treeCount: number;
  readonly tables: number;
  readonly columns: readonly PlacedColumn[];
}

/** Addresses in the walker's memory. */
interface WalkLayout {
  readonly values: number;
  readonly sums: number;
  readonly nodes: number;
  readonly ranks: number;
  readonly runs: readonly (PlacedTrees | DeepTrees)[];
  readonly bytes: number;
}

function isDeep(run: CompleteTrees | DeepTrees): run is DeepTrees {
  return 'deep' in run;
}

function layOut(runs: TreeRuns): WalkLayout {
  let next = STATIC_BYTES;
  const take = (bytes: number) => {
    const at = next;
    next += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  };
  const mostColumns = runs.reduce((most, run) => Math.max(most, isDeep(run) ? 0 : run.columns.length), 0);
  const addresses = {
    values: take(4 * WALK_ROWS),
    sums: take(4 * WALK_ROWS),
    nodes: take(NODE_BYTES),
    ranks: take(mostColumns * WALK_ROWS),
    runs: runs.map((run) =>
      isDeep(run)
        ? run
        : {
            run,
            treeCount: run.treeCount,
            tables: take(run.tables.length),
            columns: run.columns.map((column) => ({
              column,
              thresholds: take(column.thresholds.byteLength),
            })),
          },
    ),
  };
  return { ...addresses, bytes: next };
}

function writeTables({ runs }: WalkLayout, buffer: ArrayBufferLike): void {
  for (const placed of runs) {
    if ('deep' in placed) continue;
    new Uint8Array(buffer, placed.tables, placed.run.tables.length).set(placed.run.tables);
    for (const { column, thresholds } of placed.columns) {
      new Float32Array(buffer, thresholds, column.thresholds.length).set(column.thresholds);
    }
  }
}
