import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { cellName, cellSql } from '../../feature-table/table-cells.ts';
import { loadSql } from '../../load-sql.ts';
import { placeOf, type StagedTable } from './stage-table.ts';

const foundSchema = z.object({
  unusable: z.coerce.number(),
  example: z.string().nullable(),
  row_number: z.coerce.number().nullable(),
  total: z.coerce.number().nullable(),
});

/**
 * The position of the column of sample weights, undefined if none is named. Sample weights are numbers of 0 or more, of which at least one is greater than 0 (scikit-learn's `sample_weight`).
 *
 * @throws IMPORT_REFUSED if there is no such column, or a customer has none, or one that is no such number
 */
export async function findWeights(
  connection: DuckDBConnection,
  staged: StagedTable,
  column: string | undefined,
): Promise<number | undefined> {
  if (column === undefined) return undefined;
  const place = placeOf(staged, column);
  const cell = cellName(place);
  await connection.run(
    `create or replace temp view staged_weights as select row_number, ${cell} as written, ${cellSql(cell, 'number')} as weight from labelled`,
  );
  const result = await connection.runAndReadAll(loadSql('duckdb/table/unusable_weights'));
  const found = foundSchema.parse(result.getRowObjectsJson()[0]);
  const name = quoted(column);
  const hint =
    'Write a number of 0 or more for each customer, or leave out --weight, so that each counts once.';
  if (found.unusable > 0) {
    const written = (found.example ?? '') === '' ? 'is empty' : `is ${quoted(found.example ?? '')}`;
    throw new ChurnMcpError(
      'IMPORT_REFUSED',
      `The column ${name} of weights has ${found.unusable} values that are no number of 0 or more; the first, in row ${found.row_number}, ${written}.`,
      { hint },
    );
  }
  if ((found.total ?? 0) <= 0) {
    throw new ChurnMcpError('IMPORT_REFUSED', `All weights of the column ${name} are 0.`, { hint });
  }
  return place;
}
