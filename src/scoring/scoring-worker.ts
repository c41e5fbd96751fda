/** Runs in a Piscina worker: scores a range of a batch's rows with its own single-threaded session. */
import { rowsFrom } from '../dataset/column-rows.ts';
import { createScorer } from './onnx-scorer.ts';
import type { Scorer } from './scorer.ts';
import type { ScoringTask } from './scoring-task.ts';

/** Rows between two checks for cancellation. */
const BLOCK_ROWS = 16_384;

let open: { readonly key: number; readonly scorer: Scorer } | undefined;

export default async function scoreRange(task: ScoringTask): Promise<void> {
  const scorer = await scorerOf(task);
  for (let from = task.from; from < task.to && Atomics.load(task.cancelled, 0) === 0; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, task.to);
    const rows = rowsFrom(task.features, from, to - from);
    if (task.rankScores === undefined) {
      task.probabilities.set(await scorer.score(rows), from);
    } else {
      const { probabilities, rankScores } = await scorer.rank(rows);
      task.probabilities.set(probabilities, from);
      task.rankScores.set(rankScores, from);
    }
  }
}

async function scorerOf({ key, onnx }: ScoringTask): Promise<Scorer> {
  if (open?.key === key) return open.scorer;
  await open?.scorer[Symbol.asyncDispose]();
  open = { key, scorer: await createScorer(onnx.slice()) };
  return open.scorer;
}
