/** Whom an offer persuades: what an uplift model says of customers. */
import type { ColumnTable } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { ChurnMcpError } from '../errors.ts';
import type { DetailsOf } from '../registry/card-details.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { ScoringEnvironment } from './score-customers.ts';

/** The open version of an uplift model. */
export type UpliftModel = Pick<ScoringEnvironment, 'version' | 'scorer'>;

/** By how much an offer raises the chance to order, -2 to 2, from the probability that an uplift model gives. */
export function upliftOf(probability: number): number {
  return 4 * probability - 2;
}

/**
 * By how much an offer raises each customer's chance to order, -1 to 1: what the model says, drawn to the mean effect of past
 * offers as far as its differences were chance.
 *
 * @param rows of the table, which holds the features as of a day
 */
export async function scoreUplift(
  table: ColumnTable,
  rows: Uint32Array,
  { version: { card }, scorer }: UpliftModel,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { effect, scale } = upliftDetails(card).uplift;
  const probabilities = await scorer.score(toFeatureMatrix(table, card.features, rows), signal);
  return Float64Array.from(probabilities, (probability) => {
    const uplift = effect.value + scale.slope * (upliftOf(probability) - scale.mean);
    return Math.max(-1, Math.min(1, uplift));
  });
}

/** @throws CAMPAIGN_REFUSED if the model did not rank better than the risk to leave does */
export function assertAheadOfRisk(card: ModelCard): void {
  if (isAheadOfRisk(upliftDetails(card).uplift)) return;
  throw new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `The uplift model ${card.version} does not find the customers whom an offer persuades better than the risk to leave does.`,
    { hint: 'Leave rank_by or sort_by out. After more campaigns, train_uplift_model may find them.' },
  );
}

/** Its ranking is better than chance, and than the ranking by risk. */
export function isAheadOfRisk({ qini, qini_ahead }: DetailsOf<'uplift'>['uplift']): boolean {
  return qini.low > 0 && qini_ahead.value > 0;
}

function upliftDetails({ details, model }: ModelCard): DetailsOf<'uplift'> {
  if (details.kind === 'uplift') return details;
  throw new RangeError(`${model} is no uplift model`);
}
