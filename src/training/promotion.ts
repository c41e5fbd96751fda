import { loadChampion } from '../registry/champion.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { CHAMPION, type RegisteredVersion } from '../registry/model-registry.ts';
import type { TrainingEnvironment } from './training-environment.ts';

/** A new version beside the champion, on the same rows. */
export type Comparison =
  | {
      readonly kind: 'incomparable';
      /** Ends the sentence "The champion … ". */
      readonly because: string;
    }
  | {
      readonly kind: 'compared';
      /** What versions are compared by, such as "ROC-AUC". Higher is better. */
      readonly figure: string;
      readonly challenger: number;
      readonly champion: number;
      /** What decides if both figures are equal. */
      readonly ifEqual: 'promote' | 'keep';
      /** How certain the difference is, as text for brackets. */
      readonly note?: string | undefined;
    };

export interface Promotion {
  readonly promoted: boolean;
  /** One sentence: why, or why not. */
  readonly promotion: string;
}

/**
 * Makes the new version the champion if there is none that can be used, if it cannot be compared, or if the new one does
 * better on the same rows.
 */
export async function promoteIfBetter(
  card: ModelCard,
  compare: (champion: RegisteredVersion) => Promise<Comparison>,
  { registry, beforePromotion }: Pick<TrainingEnvironment, 'registry' | 'beforePromotion'>,
): Promise<Promotion> {
  const state = await loadChampion(registry, card.model);
  const verdict =
    state.kind === 'usable'
      ? verdictOf(await compare(state.champion), state.champion.card.version)
      : WITHOUT_COMPARISON[state.kind];
  if (!verdict.promoted) return verdict;
  await beforePromotion?.(card.version);
  await registry.setAlias(card.model, CHAMPION, card.version);
  return verdict;
}

const WITHOUT_COMPARISON = {
  none: { promoted: true, promotion: 'It is the first version, so it is the champion.' },
  unusable: {
    promoted: true,
    promotion:
      'The champion is damaged or missing and cannot be compared, so the new version replaces it. churn-mcp doctor says what is damaged.',
  },
} as const satisfies Record<string, Promotion>;

function verdictOf(comparison: Comparison, champion: string): Promotion {
  if (comparison.kind === 'incomparable') {
    return {
      promoted: true,
      promotion: `The champion ${champion} ${comparison.because}, so the new version replaces it; promote_model brings it back.`,
    };
  }
  const { figure, challenger: ours, champion: theirs, ifEqual, note } = comparison;
  const figures = `${figure} ${ours.toFixed(4)} against ${theirs.toFixed(4)} of the champion ${champion} on the same hold-out${note ? ` (${note})` : ''}`;
  return ours > theirs || (ours === theirs && ifEqual === 'promote')
    ? { promoted: true, promotion: `It reaches ${figures}, so it is the new champion.` }
    : { promoted: false, promotion: `It reaches ${figures}, so the champion stays.` };
}
