import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { plural } from '../../../text/format.ts';
import { quoted } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { cellName, cellSql } from '../../feature-table/table-cells.ts';
import { loadSql } from '../../load-sql.ts';
import type { KeptColumn } from './judge-columns.ts';
import { placeOf, type StagedTable } from './stage-table.ts';

/** The column with the money that each customer is worth, and how its cells are read. */
export interface ValueColumn {
  readonly name: string;
  readonly place: number;
  readonly kind: 'number' | 'comma_number';
}

const foundSchema = z.object({
  unusable: z.coerce.number(),
  example: z.string().nullable(),
  row_number: z.coerce.number().nullable(),
  usable: z.coerce.number(),
});

/**
 * The named column of money, undefined if none is named. A cell may be empty: then nothing is known of that customer's worth.
 *
 * @throws IMPORT_REFUSED if there is no such column, a cell is no number, or no cell holds one
 */
export async function findValues(
  connection: DuckDBConnection,
  staged: StagedTable,
  column: string | undefined,
  kept: readonly KeptColumn[],
): Promise<ValueColumn | undefined> {
  if (column === undefined) return undefined;
  const place = placeOf(staged, column);
  const judged = kept.find((each) => each.place === place)?.kind;
  const kind = judged === 'comma_number' ? judged : 'number';
  const cell = cellName(place);
  await connection.run(
    `create or replace temp view staged_values as
     select row_number, ${cell} as written, says_missing(${cell}) as is_missing, ${cellSql(cell, kind)} as value
     from labelled`,
  );
  const result = await connection.runAndReadAll(loadSql('duckdb/table/unusable_values'));
  const { unusable, example, row_number, usable } = foundSchema.parse(result.getRowObjectsJson()[0]);
  if (unusable === 0 && usable > 0) return { name: staged.columns[place], place, kind };
  const problem =
    unusable === 0
      ? 'has no number in any row'
      : `has ${plural(unusable, 'cell')} that cannot be read as a number; the first, in row ${row_number}, is ${quoted(example ?? '')}`;
  throw new ChurnMcpError('IMPORT_REFUSED', `The column ${quoted(column)} of values ${problem}.`, {
    hint: 'Name a column of numbers as the value: --value at a terminal, value in import_data.',
  });
}
