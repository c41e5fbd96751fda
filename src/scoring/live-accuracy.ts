import type { ColumnTable, DataSource, Id } from '../data/data-source.ts';
import { addDays } from '../features/calendar-day.ts';
import { readForwardLabels } from '../features/read-churn-features.ts';
import { brierScore } from '../metrics/classification.ts';
import { rocAuc } from '../metrics/ranked-scores.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { PredictionLog, Predictions } from './prediction-log.ts';

/** How predictions that were made for use turned out. */
export interface LiveAccuracy {
  /** The day they were made as of; their horizon has passed since. */
  readonly asOf: string;
  readonly customers: number;
  /** Customers predicted who are not in the current data. */
  readonly missing: number;
  readonly predictedRate: number;
  readonly churnRate: number;
  /** Absent where all customers turned out alike. */
  readonly rocAuc?: number;
  readonly brier: number;
}

export interface Outcomes {
  /** Undefined if no predictions that can be read have come due. */
  readonly live: LiveAccuracy | undefined;
  /** Days whose predictions have come due and are damaged; they are left out. */
  readonly damagedDays: readonly string[];
}

/**
 * The newest kept predictions of a forecast whose horizon the current data has passed, beside what happened. Predictions as
 * of a day before the last one that training saw do not count: the model had seen part of their outcome.
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

/** Ids as text: an import may have found that they are no numbers since. */
function outcomesOf(ids: readonly Id[], labels: Float32Array): Map<string, number> {
  return new Map(ids.map((id, row) => [String(id), labels[row]]));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
