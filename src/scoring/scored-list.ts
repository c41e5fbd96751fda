import type { RiskReason } from '../explain/risk-reasons.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { type CustomerProfile, readProfiles } from './customer-profile.ts';
import { reasonsToLeave } from './customer-reasons.ts';
import { type ToldValue, toldValue, valueOutlookOf } from './customer-value.ts';
import { expectedSpendOf } from './expected-spend.ts';
import { type CustomerScores, type ScoringEnvironment, scoreFeatureTable } from './score-customers.ts';

/** Every customer with an order on or before a day, by id, with what a list says of each. */
export interface ScoredList extends CustomerScores {
  readonly card: ModelCard;
  readonly profiles: readonly CustomerProfile[];
  /** Probability × expected spend in the horizon; undefined for a model that forecasts nothing. */
  readonly valuesAtRisk: Float64Array | undefined;
  /** What each is worth from now on; undefined if the model says nothing of it. */
  readonly values: readonly (ToldValue | undefined)[] | undefined;
  /** Of each customer, strongest first; undefined if they were not asked for: they take most of the time. */
  readonly reasons: readonly (readonly RiskReason[])[] | undefined;
}

/**
 * Scores every customer with a churn model.
 *
 * @throws INVALID_ARGUMENT if as_of is not a date or is before the first order.
 */
export async function scoreList(
  request: { readonly asOf?: string | undefined; readonly withReasons: boolean },
  env: ScoringEnvironment,
): Promise<ScoredList> {
  const { card } = env.version;
  const { asOf, table, probabilities } = await scoreFeatureTable(request, env);
  const rows = [...probabilities.keys()];
  const profileOf = readProfiles(table);
  const outlook = valueOutlookOf({ table, probabilities, asOf }, card);
  const spend =
    card.details.kind === 'forward'
      ? expectedSpendOf(table, card, Uint32Array.from(rows), { asOf, days: card.details.horizon_days })
      : undefined;
  return {
    card,
    asOf,
    customerIds: table.ids('customer_id'),
    probabilities,
    profiles: rows.map(profileOf),
    valuesAtRisk: spend?.map((amount, row) => amount * probabilities[row]),
    values: outlook && rows.map((row) => toldValue(outlook, row)),
    reasons: request.withReasons ? await reasonsToLeave(table, rows, env) : undefined,
  };
}
