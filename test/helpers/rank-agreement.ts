/** Whether two lists of numbers have the same order. */

/** Ranks from 0, equal values sharing the mean of theirs. */
function ranksOf(values: Float64Array): Float64Array {
  const order = [...values.keys()].sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (const i of order.slice(from, to)) ranks[i] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's rank correlation. */
export function spearman(one: Float64Array, other: Float64Array): number {
  const [a, b] = [ranksOf(one), ranksOf(other)];
  const mean = (a.length - 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) ** 2;
    bb += (b[i] - mean) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** How much of what was spent comes from those said to spend most, as a share of what the perfect order has: 1 is best. */
export function gini(said: Float64Array, spent: Float64Array): number {
  const total = spent.reduce((sum, value) => sum + value, 0);
  const areaOf = (by: Float64Array) => {
    const order = [...by.keys()].sort((i, j) => by[j] - by[i]);
    let [sum, area] = [0, 0];
    for (const i of order) {
      sum += spent[i] / total;
      area += sum;
    }
    return area / order.length - 0.5;
  };
  return areaOf(said) / areaOf(spent);
}
