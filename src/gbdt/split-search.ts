import type { Barrier } from './barrier.ts';
import { CANDIDATE_LENGTH, MAX_BINS } from './kernel/layout.ts';
import { nodesOf, type ScheduledNode, type ScheduledPair } from './level-schedule.ts';
import { NO_SPLIT, type SplitInfo, type SplitOptions } from './splitting.ts';
import type { ThreadContext, TreeKernel } from './tree-kernel.ts';

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
    this.#kernel.searchSplits(batch, options);
    this.#barrier.wait();
    return batch.flatMap(nodesOf).map((scheduled) => ({ scheduled, split: this.#bestSplit(scheduled) }));
  }

  /** The best of the threads' candidates; of equal ones that of the lowest feature. */
  #bestSplit({ numberInBatch }: ScheduledNode): SplitInfo {
    const { threads } = this.#context.shape;
    let best = NO_SPLIT;
    for (let thread = 0; thread < threads; thread++) {
      const split = this.#candidateAt((numberInBatch * threads + thread) * CANDIDATE_LENGTH);
      const isBetter = split.gain > best.gain || (split.gain === best.gain && split.feature < best.feature);
      if (split.feature >= 0 && isBetter) best = split;
    }
    return best;
  }

  #candidateAt(offset: number): SplitInfo {
    const { candidates } = this.#context.memory;
    const code = candidates[offset + 3];
    if (code < 0) return NO_SPLIT;
    const bin = code >> 1;
    return {
      feature: Math.floor(bin / MAX_BINS),
      bin: bin % MAX_BINS,
      defaultLeft: (code & 1) === 1,
      gain: candidates[offset],
      leftGradients: candidates[offset + 1],
      leftHessians: candidates[offset + 2],
      node: { gradients: candidates[offset + 4], hessians: candidates[offset + 5] },
    };
  }
}
