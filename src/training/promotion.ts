import type { ModelCard } from '../registry/model-card.ts';
import { CHAMPION, type ModelRegistry, type RegisteredVersion } from '../registry/model-registry.ts';

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
      /** How sure the difference is, to be put in brackets. */
      readonly note?: string | undefined;
    };

export interface Promotion {
  readonly promoted: boolean;
  /** One sentence: why, or why not. */
  readonly promotion: string;
}

/**
 * Makes the new version the champion if there is none, if the champion cannot be compared, or if the new one does
 * better on the same rows.
 */
export async function promoteIfBetter(
  card: ModelCard,
  compare: (champion: RegisteredVersion) => Promise<Comparison>,
  registry: ModelRegistry,
): Promise<Promotion> {
  const champion = await registry.resolveAlias(card.model, CHAMPION);
  const verdict =
    champion === undefined
      ? { promoted: true, promotion: 'It is the first version, so it is the champion.' }
      : verdictOf(await compare(await registry.load(card.model, champion)), champion);
  if (verdict.promoted) await registry.setAlias(card.model, CHAMPION, card.version);
  return verdict;
}

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
