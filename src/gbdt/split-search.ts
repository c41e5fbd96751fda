import type { Barrier } from './barrier.ts';
import { MAX_BINS, missingBin } from './binning.ts';
import { histogramLength } from './histogram.ts';
import { CANDIDATE_LENGTH } from './kernel/layout.ts';
import { nodesOf, type ScheduledNode, type ScheduledPair } from './level-schedule.ts';
import type { GradientScale } from './quantization.ts';
import { NO_SPLIT, type NodeSums, type SplitConstraints, type SplitInfo } from './splitting.ts';
import type { ThreadContext, TreeKernel } from './tree-kernel.ts';

export interface SplitOptions {
  readonly constraints: SplitConstraints;
  /** The features that the tree may use, ascending. */
  readonly features: readonly number[];
  readonly scale: GradientScale;
}

export interface NodeSplit {
  readonly scheduled: ScheduledNode;
  readonly split: SplitInfo;
}

/** Finds the best split of every node of a batch, once all threads have built their histograms. */
export class SplitSearcher {
  readonly #context: ThreadContext;
  readonly #kernel: TreeKernel;
  readonly #barrier: Barrier;

  constructor(context: ThreadContext, kernel: TreeKernel, barrier: Barrier) {
    this.#context = context;
    this.#kernel = kernel;
    this.#barrier = barrier;
  }

  /** Every thread must call this for the same batch: they share the work and all come to the same splits. */
  search(batch: readonly ScheduledPair[], options: SplitOptions): NodeSplit[] {
    this.#barrier.wait();
    this.#writeCandidates(batch, options);
    this.#barrier.wait();
    return batch
      .flatMap(nodesOf)
      .map((scheduled) => ({ scheduled, split: this.#bestSplit(scheduled, options) }));
  }

  /** This thread's share of the (pair, feature) combinations: sum over threads, subtract, best split on the feature. */
  #writeCandidates(batch: readonly ScheduledPair[], options: SplitOptions): void {
    const { thread, shape } = this.#context;
    let turn = 0;
    for (const [batchIndex, { nodeToBuild, sibling }] of batch.entries()) {
      for (const feature of options.features) {
        if (turn++ % shape.threads !== thread) continue;
        this.#kernel.reduce(batchIndex, nodeToBuild.histogramIndex, feature);
        this.#writeCandidate(nodeToBuild, feature, options);
        if (!sibling) continue;
        const { parentIndex, histogramIndex } = sibling;
        this.#kernel.subtract(parentIndex, nodeToBuild.histogramIndex, histogramIndex, feature);
        this.#writeCandidate(sibling, feature, options);
      }
    }
  }

  #writeCandidate(scheduled: ScheduledNode, feature: number, { scale, constraints }: SplitOptions): void {
    const candidateIndex = this.#candidateIndex(scheduled, feature);
    const sums = this.#sumsOf(scheduled, feature);
    this.#kernel.searchSplit(scheduled.histogramIndex, feature, candidateIndex, { sums, scale, constraints });
  }

  /** The best of the features' candidates; of equal ones the lowest feature. */
  #bestSplit(scheduled: ScheduledNode, { features }: SplitOptions): SplitInfo {
    const { candidates } = this.#context.memory;
    let best = NO_SPLIT;
    for (const feature of features) {
      const offset = this.#candidateIndex(scheduled, feature) * CANDIDATE_LENGTH;
      const gain = candidates[offset];
      const code = candidates[offset + 3];
      if (code < 0 || gain <= best.gain) continue;
      best = {
        feature,
        bin: code >> 1,
        defaultLeft: (code & 1) === 1,
        gain,
        leftGradients: candidates[offset + 1],
        leftHessians: candidates[offset + 2],
        node: this.#sumsOf(scheduled, feature),
      };
    }
    return best;
  }

  /** A node's sums: known from its parent's split, or for the root the sums over the bins of any one feature. */
  #sumsOf({ node, histogramIndex }: ScheduledNode, feature: number): NodeSums {
    if (node.sums) return node.sums;
    const { memory, shape } = this.#context;
    const { nodeHistograms } = memory;
    const offset = histogramIndex * histogramLength(shape.featureCount) + feature * MAX_BINS * 2;
    let gradients = 0;
    let hessians = 0;
    for (let bin = 0; bin <= missingBin(memory, feature); bin++) {
      gradients += nodeHistograms[offset + bin * 2];
      hessians += nodeHistograms[offset + bin * 2 + 1];
    }
    return { gradients, hessians };
  }

  #candidateIndex({ numberInBatch }: ScheduledNode, feature: number): number {
    return numberInBatch * this.#context.shape.featureCount + feature;
  }
}
