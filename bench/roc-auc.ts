/** ROC-AUC by ranks; ties count half. */
export function rocAuc(scores: Float32Array, labels: Float32Array): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let begin = 0; begin < order.length; ) {
    let end = begin + 1;
    while (end < order.length && scores[order[end]] === scores[order[begin]]) end++;
    for (let i = begin; i < end; i++) {
      if (labels[order[i]] === 1) {
        positives++;
        rankSum += (begin + end + 1) / 2;
      }
    }
    begin = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
