/** Whether probabilities of purchases hold at every height: what they said beside what happened, by bands. */

export interface SaidAndBought {
  /** The band's probabilities are from this one on, and below `to`. */
  readonly from: number;
  readonly to: number;
  /** The sum of the probabilities. */
  readonly said: number;
  readonly bought: number;
}

/** Each about twice the one before: probabilities of purchases are small, and differ by factors. */
const EDGES = [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
/** With fewer purchases, a ratio is chance. */
const FEWEST_PURCHASES = 100;

/** Lowest band first; the last one holds 1, too. */
export function saidAndBought(labels: ArrayLike<number>, probabilities: ArrayLike<number>): SaidAndBought[] {
  const bands = EDGES.slice(1).map((to, band) => ({ from: EDGES[band], to, said: 0, bought: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const above = bands.findIndex(({ to }) => probabilities[row] < to);
    const band = bands[above === -1 ? bands.length - 1 : above];
    band.said += probabilities[row];
    band.bought += labels[row];
  }
  return bands;
}

/** The bands of several days as one, each joined with the next ones until it has 100 purchases; the rest joins the last. */
export function pooledBands(days: readonly (readonly SaidAndBought[])[]): SaidAndBought[] {
  const [first = [], ...others] = days;
  const pooled: SaidAndBought[] = [];
  for (const [at, one] of first.entries()) {
    const band = others.reduce((sum, bands) => joined(sum, bands[at]), one);
    const last = pooled.at(-1);
    if (last === undefined || last.bought >= FEWEST_PURCHASES) pooled.push(band);
    else pooled[pooled.length - 1] = joined(last, band);
  }
  const [before, last] = pooled.slice(-2);
  if (last === undefined || last.bought >= FEWEST_PURCHASES) return pooled;
  return [...pooled.slice(0, -2), joined(before, last)];
}

function joined(one: SaidAndBought, other: SaidAndBought): SaidAndBought {
  return {
    from: one.from,
    to: other.to,
    said: one.said + other.said,
    bought: one.bought + other.bought,
  };
}
