import type { RankingMetrics, Warning } from '../../registry/card-figures.ts';

/** Fewer buyers than this in the hold-out make its figures a matter of luck. */
const FEW_BUYERS = 100;

/** What the figures are worth. */
export function rankingWarnings(ranking: Readonly<Record<string, RankingMetrics>>): Warning[] {
  const warnings: Warning[] = [];
  const { model, champion: _, ...baselines } = ranking;
  if (model.buyers < FEW_BUYERS) {
    warnings.push({
      code: 'FEW_BUYERS',
      message: `Only ${model.buyers} customers bought in the evaluation window, so its figures are uncertain.`,
    });
  }
  const winner = Object.entries(baselines).find(([, { ndcg_at_10 }]) => ndcg_at_10 > model.ndcg_at_10);
  if (winner !== undefined) {
    const [name, { ndcg_at_10 }] = winner;
    warnings.push({
      code: 'BASELINE_WINS',
      message: `The rule ${name} ranks better than the model (NDCG@10 ${ndcg_at_10.toFixed(3)} against ${model.ndcg_at_10.toFixed(3)}).`,
    });
  }
  return warnings;
}
