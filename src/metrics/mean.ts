/** The mean, weighted if there are weights; of labels of 0 and 1 the share of ones. NaN if there are no values. */
export function meanOf(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let [sum, all] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * values[i];
    all += weight;
  }
  return sum / all;
}
