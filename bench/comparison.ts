import { median } from './median.ts';

/** Seconds: wall time, and processor time in user mode. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** The same work done by us and by a peer, in turns. */
export interface Comparison {
  readonly work: string;
  readonly peer: string;
  readonly ours: readonly Cost[];
  readonly theirs: readonly Cost[];
}

/** Medians of ours and of theirs, and the median of the turns' ratios: turns meet the same load, so ratios are steadier. */
export function summaryOf({ ours, theirs }: Comparison, figure: keyof Cost) {
  const [own, peer] = [ours, theirs].map((costs) => costs.map((cost) => cost[figure]));
  return {
    ours: median(own),
    theirs: median(peer),
    ratio: median(own.map((value, turn) => value / peer[turn])),
  };
}
