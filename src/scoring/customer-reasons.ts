import { setImmediate } from 'node:timers/promises';
import type { ColumnTable } from '../data/data-source.ts';
import { rowsFrom, toFeatureMatrix } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { throwIfAborted } from '../errors.ts';
import { type RiskReason, raisingReasons, reasonsOf } from '../explain/risk-reasons.ts';
import { compareWithTypical } from '../explain/typical-customer.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { ScoringEnvironment } from './score-customers.ts';

/** Rows explained before other work of the thread gets its turn: a whole list may hold very many. */
const ROWS_AT_ONCE = 200;

/** For each row of a table of features what raises its risk above the typical active customer's, strongest first. */
export async function reasonsToLeave(
  table: ColumnTable,
  rows: readonly number[],
  { version, signal }: ScoringEnvironment,
): Promise<RiskReason[][]> {
  const { typical_customer }: DetailFields = version.card.details;
  const listed = toFeatureMatrix(table, version.card.features, Uint32Array.from(rows));
  const reasons: RiskReason[][] = [];
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    throwIfAborted(signal);
    const some = rowsFrom(listed, first, ROWS_AT_ONCE);
    const { contributions } = compareWithTypical(version.ensemble, some, typical_customer);
    reasons.push(...strongestReasons(some, contributions));
    await setImmediate();
  }
  return reasons;
}

/** @param contributions exact contributions of the trees, row-major `rows x features` */
function strongestReasons({ featureNames, rowCount }: FeatureMatrix, contributions: Float64Array) {
  const width = featureNames.length;
  return Array.from({ length: rowCount }, (_, row) => {
    const ofRow = contributions.subarray(row * width, (row + 1) * width);
    return raisingReasons(reasonsOf(featureNames, ofRow));
  });
}
