import type { ColumnTable, DataSource, Id } from '../data/data-source.ts';
import { addDays } from '../features/calendar-day.ts';
import { readForwardLabels } from '../features/read-churn-features.ts';
import { brierScore } from '../metrics/classification.ts';
import { meanOf } from '../metrics/mean.ts';
import { rocAuc } from '../metrics/ranked-scores.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { PredictionLog, Predictions } from './prediction-log.ts';

/** How predictions of past answers turned out. */
export interface LiveAccuracy {
  /** The day as of which they were made; their horizon has passed since. */
  readonly asOf: string;
  readonly customers: number;
  /** Customers with a prediction who are not in the current data. */
  readonly missing: number;
  readonly predictedRate: number;
  readonly churnRate: number;
  /** Absent if all customers had the same outcome. */
  readonly rocAuc?: number;
  readonly brier: number;
}

export interface Outcomes {
  /** Undefined if there are no readable predictions whose horizon has passed. */
  readonly live: LiveAccuracy | undefined;
  /** Days whose horizon has passed but whose predictions are damaged; they are left out. */
  readonly damagedDays: readonly string[];
}

/**
 * Compares the newest kept predictions whose horizon has passed with what happened. Predictions as of a day before the
 * last day of training data do not count: the model had seen part of their outcome.
 */
export async function measureLiveAccuracy(
  card: ModelCard,
  {
    data,
    predictions,
    signal,
  }: { data: DataSource; predictions: PredictionLog; signal?: AbortSignal | undefined },
): Promise<Outcomes> {
  const damagedDays: string[] = [];
  if (card.details.kind !== 'forward') return { live: undefined, damagedDays };
  const { horizon_days } = card.details;
  const { lastOrderDate } = await data.summary();
  const due = (await predictions.days(card)).filter(
    (day) => day >= card.as_of && addDays(day, horizon_days) <= lastOrderDate,
  );
  for (const day of due) {
    const made = await predictions.read(card, day, signal);
    if (made === undefined) {
      damagedDays.push(day);
      continue;
    }
    const labels = await readForwardLabels(data, { cutoff: day, horizonDays: horizon_days, signal });
    return { live: compare(made, labels), damagedDays };
  }
  return { live: undefined, damagedDays };
}

function compare(made: Predictions, table: ColumnTable): LiveAccuracy | undefined {
  const outcomes = outcomesOf(table.ids('customer_id'), table.float32('is_churned'));
  const labels: number[] = [];
  const probabilities: number[] = [];
  for (const [row, id] of made.customerIds.entries()) {
    const label = outcomes.get(String(id));
    if (label === undefined) continue;
    labels.push(label);
    probabilities.push(made.probabilities[row]);
  }
  if (labels.length === 0) return undefined;
  const churnRate = meanOf(labels);
  return {
    asOf: made.asOf,
    customers: labels.length,
    missing: made.customerIds.length - labels.length,
    predictedRate: meanOf(probabilities),
    churnRate,
    ...(churnRate > 0 && churnRate < 1 && { rocAuc: rocAuc(labels, probabilities) }),
    brier: brierScore(labels, (row) => probabilities[row]),
  };
}

/** Ids as text: a later import may read them as text instead of numbers. */
function outcomesOf(ids: readonly Id[], labels: Float32Array): Map<string, number> {
  return new Map(ids.map((id, row) => [String(id), labels[row]]));
}
