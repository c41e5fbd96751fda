import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { type CompleteTrees, completeTrees, type RankedColumn } from './complete-trees.ts';
import { WALK_ROWS } from './kernel/layout.ts';
import type { WalkFunctions } from './kernel-functions.ts';
import { assertKernel } from './kernel-module.ts';
import { sumLeaves } from './predictor.ts';
import { PAGE_BYTES, STATIC_BYTES } from './training-memory.ts';
import type { Tree } from './tree.ts';

const ALIGNMENT = 64;
/** Bytes of the nodes that rows are at which are walked at a time. */
const NODE_BYTES = 64;
/** How many times the memory that the first models need: a larger one is rare. */
const SPARE = 2;

/** Trees ready to be walked: laid out for the kernel, or as they are if one is too deep for it. Threads may share them. */
export type WalkableTrees = { readonly runs: readonly CompleteTrees[] } | { readonly deep: readonly Tree[] };

export function toWalkableTrees(trees: readonly Tree[]): WalkableTrees {
  const runs = completeTrees(trees);
  return runs === undefined ? { deep: trees } : { runs };
}

/** Walks rows down trees with the compiled kernel. It has one memory: a thread needs only one of it. */
export class TreeWalker {
  readonly #module: WebAssembly.Module;
  #functions: WalkFunctions | undefined;
  #buffer: ArrayBufferLike = new SharedArrayBuffer(0);

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Per row the sum of the trees' leaves in float32, from 0 in the order of the trees. */
  sumLeaves(trees: WalkableTrees, features: FeatureMatrix): Float32Array {
    if ('deep' in trees) return sumLeaves(trees.deep, 0, features);
    const layout = layOut(trees.runs);
    const functions = this.#functionsFor(layout.bytes);
    writeTables(layout, this.#buffer);
    const sums = new Float32Array(features.rowCount);
    const blockSums = new Float32Array(this.#buffer, layout.sums, WALK_ROWS);
    for (let from = 0; from < features.rowCount; from += WALK_ROWS) {
      const count = Math.min(WALK_ROWS, features.rowCount - from);
      blockSums.fill(0);
      for (const { run, tables, columns } of layout.runs) {
        this.#rankColumns(functions, { layout, columns }, features, from);
        functions.addLeaves(tables, run.treeCount, layout.ranks, layout.nodes, count, layout.sums);
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

/** Addresses in the walker's memory. */
interface WalkLayout {
  readonly values: number;
  readonly sums: number;
  readonly nodes: number;
  readonly ranks: number;
  readonly runs: readonly {
    readonly run: CompleteTrees;
    readonly tables: number;
    readonly columns: readonly PlacedColumn[];
  }[];
  readonly bytes: number;
}

function layOut(runs: readonly CompleteTrees[]): WalkLayout {
  let next = STATIC_BYTES;
  const take = (bytes: number) => {
    const at = next;
    next += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  };
  const mostColumns = runs.reduce((most, { columns }) => Math.max(most, columns.length), 0);
  const addresses = {
    values: take(4 * WALK_ROWS),
    sums: take(4 * WALK_ROWS),
    nodes: take(NODE_BYTES),
    ranks: take(mostColumns * WALK_ROWS),
    runs: runs.map((run) => ({
      run,
      tables: take(run.tables.length),
      columns: run.columns.map((column) => ({ column, thresholds: take(column.thresholds.byteLength) })),
    })),
  };
  return { ...addresses, bytes: next };
}

function writeTables({ runs }: WalkLayout, buffer: ArrayBufferLike): void {
  for (const { run, tables, columns } of runs) {
    new Uint8Array(buffer, tables, run.tables.length).set(run.tables);
    for (const { column, thresholds } of columns) {
      new Float32Array(buffer, thresholds, column.thresholds.length).set(column.thresholds);
    }
  }
}
