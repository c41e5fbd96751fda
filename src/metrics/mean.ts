/** The mean, weighted if there are weights; of labels of 0 and 1 the share of ones. NaN if there are no values. */
export function meanOf(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  return meanOver(values.length, (row) => values[row], weights);
}

/** The mean of what `measure` says of each row, without an array of it. */
export function meanOver(
  rows: number,
  measure: (row: number) => number,
  weights?: ArrayLike<number>,
): number {
  let [sum, all] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * measure(row);
    all += weight;
  }
  return sum / all;
}
