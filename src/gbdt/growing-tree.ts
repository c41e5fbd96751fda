import { type BinMapper, MAX_BINS, missingBin } from './binning.ts';
import type { SplitInfo } from './splitting.ts';
import type { Tree } from './tree.ts';
import type { BinTree } from './tree-kernel.ts';

/** No present value reaches it: the threshold of a split that parts present values from missing ones. */
const GREATEST_FLOAT32 = 3.4028234663852886e38;

/** A tree while it grows: nodes are numbered in the order of their making, the root 0. */
export class GrowingTree {
  readonly #features: number[] = [];
  readonly #bins: number[] = [];
  readonly #defaultLeft: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #gains: number[] = [];

  addLeaf(): number {
    this.#bins.push(0);
    this.#defaultLeft.push(0);
    this.#left.push(-1);
    this.#right.push(-1);
    this.#gains.push(0);
    return this.#features.push(-1) - 1;
  }

  /** Turns a leaf into a split with two new leaves. */
  split(node: number, split: SplitInfo): { left: number; right: number } {
    const left = this.addLeaf();
    const right = this.addLeaf();
    this.#features[node] = split.feature;
    this.#bins[node] = split.bin;
    this.#defaultLeft[node] = split.defaultLeft ? 1 : 0;
    this.#left[node] = left;
    this.#right[node] = right;
    this.#gains[node] = split.gain;
    return { left, right };
  }

  /** The finished tree, with thresholds on raw values, given what training found out about its nodes. */
  finish(mapper: BinMapper, leafValues: Float32Array, covers: Float32Array): BinTree {
    const thresholds = this.#features.map((feature, node) => {
      if (feature < 0) return 0;
      const bin = this.#bins[node];
      const isLastBin = bin === mapper.thresholdCounts[feature];
      return isLastBin ? GREATEST_FLOAT32 : mapper.binThresholds[feature * MAX_BINS + bin];
    });
    const tree: Tree = {
      splitFeatures: Int32Array.from(this.#features),
      thresholds: Float32Array.from(thresholds),
      leftChildren: Int32Array.from(this.#left),
      rightChildren: Int32Array.from(this.#right),
      defaultLeft: Uint8Array.from(this.#defaultLeft),
      leafValues,
      gains: Float32Array.from(this.#gains),
      covers,
    };
    return {
      tree,
      lastLeftBins: Uint8Array.from(this.#bins),
      leftMissingBins: Uint8Array.from(this.#features, (feature, node) =>
        this.#defaultLeft[node] === 1 ? missingBin(mapper, feature) : this.#bins[node],
      ),
    };
  }

  get nodeCount(): number {
    return this.#features.length;
  }

  /** Adds up covers from the leaves to the root: children always come after their parent. */
  sumCovers(leafCovers: Float64Array): Float32Array {
    const covers = Float64Array.from(leafCovers);
    for (let node = covers.length - 1; node >= 0; node--) {
      if (this.#features[node] >= 0) covers[node] = covers[this.#left[node]] + covers[this.#right[node]];
    }
    return Float32Array.from(covers);
  }
}
