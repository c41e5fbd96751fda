import { columnOf } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { groupQuality } from '../../metrics/group-quality.ts';
import type { GroupQuality } from '../../registry/card-figures.ts';

const ONE_ORDER = 'one order day';
const STILL_BUYING = 'several, the last within the horizon';
const SILENT = 'several, silent for longer';

/** Who has ordered once, who still buys, and who has been silent for a horizon: figures differ most between them. */
export function customerGroups(
  evaluation: LabelledDataset,
  probabilities: Float32Array,
  horizonDays: number,
): GroupQuality[] {
  const orderDays = columnOf(evaluation, 'active_days');
  const recency = columnOf(evaluation, 'days_since_last_order');
  const groupOf = (row: number) => {
    if (orderDays[row] <= 1) return ONE_ORDER;
    return recency[row] < horizonDays ? STILL_BUYING : SILENT;
  };
  const { labels } = evaluation;
  return groupQuality([STILL_BUYING, SILENT, ONE_ORDER], groupOf, { labels, probabilities });
}
