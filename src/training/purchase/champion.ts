import { isDeepStrictEqual } from 'node:util';
import { RECOMMENDATION_FEATURES } from '../../features/recommendation-features.ts';
import { overFeatures } from '../../gbdt/over-features.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import { type DetailsOf, labelOf } from '../../registry/card-details.ts';
import { loadChampion } from '../../registry/champion.ts';
import type { ModelCard } from '../../registry/model-card.ts';
import type { ModelRegistry } from '../../registry/model-registry.ts';
import type { Comparison } from '../promotion.ts';
import type { JudgedRankings } from './evaluation.ts';
import type { RecommendationPlan } from './plan.ts';

/**
 * The champion's trees, if they have seen nothing of the hold-out and look as far ahead; else undefined. An earlier version of
 * churn-mcp may have trained them over fewer features, and they are judged on the rows that today's model is judged on.
 */
export async function championEnsemble(
  registry: ModelRegistry,
  plan: Pick<RecommendationPlan, 'evaluationCutoff' | 'horizonDays'>,
): Promise<TreeEnsemble | undefined> {
  const state = await loadChampion(registry, 'product_recommendation');
  if (state.kind !== 'usable') return undefined;
  const { card, ensemble } = state.champion;
  const isUnseen = card.as_of <= plan.evaluationCutoff;
  if (!isUnseen || purchaseDetails(card)?.horizon_days !== plan.horizonDays) return undefined;
  const known = new Set<string>(RECOMMENDATION_FEATURES);
  const isReadable = ensemble.featureNames.every((name) => known.has(name));
  return isReadable ? overFeatures(ensemble, RECOMMENDATION_FEATURES) : undefined;
}

/** Compares by NDCG@10, and by ROC-AUC if that is the same. */
export function compareRankings(
  card: ModelCard,
  championCard: ModelCard,
  rankings: JudgedRankings,
): Comparison {
  const champion = figuresOfChampion(card, championCard, rankings);
  if (champion === undefined) {
    return {
      kind: 'incomparable',
      because: 'has seen part of the hold-out or answers another question',
    };
  }
  return {
    kind: 'compared',
    figure: 'NDCG@10',
    challenger: rankings.ranking.model.ndcg_at_10,
    champion: champion.ndcg,
    ifEqual: card.metrics.roc_auc > champion.auc ? 'promote' : 'keep',
  };
}

/** From this evaluation if the champion took part; from its own card if that was the same hold-out. */
function figuresOfChampion(card: ModelCard, championCard: ModelCard, rankings: JudgedRankings) {
  const measured = rankings.ranking.champion;
  if (measured !== undefined) {
    const auc = rocAuc(rankings.labels, rankings.probabilities.champion);
    return { ndcg: measured.ndcg_at_10, auc };
  }
  const [ours, theirs] = [card, championCard].map(purchaseDetails);
  const isSameHoldOut =
    ours !== undefined &&
    theirs !== undefined &&
    championCard.data.fingerprint === card.data.fingerprint &&
    theirs.windows.evaluation_cutoff === ours.windows.evaluation_cutoff &&
    isDeepStrictEqual(labelOf(theirs), labelOf(ours));
  const figures = isSameHoldOut ? theirs.ranking.model : undefined;
  return figures && { ndcg: figures.ndcg_at_10, auc: championCard.metrics.roc_auc };
}

function purchaseDetails({ details }: ModelCard): DetailsOf<'purchase'> | undefined {
  return details.kind === 'purchase' ? details : undefined;
}
