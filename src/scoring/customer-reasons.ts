import { setImmediate } from 'node:timers/promises';
import type { ColumnTable } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { throwIfAborted } from '../errors.ts';
import { type RiskReason, raisingReasons, reasonsOf } from '../explain/risk-reasons.ts';
import { compareWithTypical } from '../explain/typical-customer.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { ScoringEnvironment } from './score-customers.ts';

/** Reasons per customer in a list. */
export const MOST_REASONS = 3;

/** Rows explained before other work of the thread gets its turn: a whole list may hold very many. */
const ROWS_AT_ONCE = 200;

/** For each row of a table of features what raises its risk, strongest first. */
export async function reasonsToLeave(
  table: ColumnTable,
  rows: readonly number[],
  env: ScoringEnvironment,
): Promise<RiskReason[][]> {
  const reasons: RiskReason[][] = [];
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    throwIfAborted(env.signal);
    reasons.push(...explainRows(table, rows.slice(first, first + ROWS_AT_ONCE), env));
    await setImmediate();
  }
  return reasons;
}

/** What raises the risk above the typical active customer's: exact contributions of the trees. */
function explainRows(
  table: ColumnTable,
  rows: readonly number[],
  { version }: ScoringEnvironment,
): RiskReason[][] {
  const { typical_customer }: DetailFields = version.card.details;
  const listed = toFeatureMatrix(table, version.card.features, Uint32Array.from(rows));
  const { featureNames } = listed;
  const { contributions } = compareWithTypical(version.ensemble, listed, typical_customer);
  const width = featureNames.length;
  return rows.map((_, i) =>
    raisingReasons(reasonsOf(featureNames, contributions.subarray(i * width, (i + 1) * width))).slice(
      0,
      MOST_REASONS,
    ),
  );
}
