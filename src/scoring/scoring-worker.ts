/** Runs in a Piscina worker: scores a range of a batch's rows. */
import { rowsFrom } from '../dataset/column-rows.ts';
import { openTreeWalker, scoreRows } from './scoring-model.ts';
import type { ScoringTask } from './scoring-task.ts';

/** Rows between two checks for cancellation. */
const BLOCK_ROWS = 16_384;

export default async function scoreRange(task: ScoringTask): Promise<void> {
  const walker = await openTreeWalker();
  for (let from = task.from; from < task.to && Atomics.load(task.cancelled, 0) === 0; from += BLOCK_ROWS) {
    const rows = rowsFrom(task.features, from, Math.min(BLOCK_ROWS, task.to - from));
    const { probabilities, rankScores } = scoreRows(task.model, rows, walker);
    task.probabilities.set(probabilities, from);
    task.rankScores?.set(rankScores, from);
  }
}
