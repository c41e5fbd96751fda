import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import { columnTableOf } from '../../duckdb/column-reader.ts';
import { type DuckDBConnection, openEngine, withConnection } from '../../duckdb/duckdb-engine.ts';
import { writeError } from '../../duckdb/duckdb-errors.ts';
import { readCount } from '../../duckdb/read-count.ts';
import type { ColumnKind, TableColumn, TableRows } from '../../feature-table/feature-table.ts';
import { featureTableLayout } from '../../feature-table/feature-table-layout.ts';
import { cellName, cellSql, readCells, type TableWriting } from '../../feature-table/table-cells.ts';
import { kindsInFile } from './column-writing.ts';
import { withCopiesFolder } from './copies-folder.ts';
import {
  dropBlankRows,
  placeOf,
  refuseRepeatedIds,
  type StagedTable,
  setSumsAside,
  stageTable,
} from './stage-table.ts';

export interface WantedColumns {
  readonly idColumn: string;
  readonly columns: readonly TableColumn[];
  /** How this file is written, if it does not tell. */
  readonly writing: TableWriting;
  readonly now: Date;
}

export interface ReadTableFile {
  /** In the order of the file. */
  readonly rows: TableRows;
  readonly unreadable: readonly { readonly column: string; readonly cells: number }[];
  /** What rows are called that are sums and no customers: Total. They are not read. */
  readonly sums: readonly string[];
}

/**
 * Reads the wanted columns of a file of customers, each as its known kind or as the file writes it; other columns are
 * ignored, and so are sums.
 *
 * @throws IMPORT_REFUSED if a column is missing, an id is missing or occurs twice, or the file cannot be read
 */
export async function readTableFile(
  path: string,
  { idColumn, columns: known, writing, now }: WantedColumns,
  home: string,
  signal: AbortSignal | undefined,
): Promise<ReadTableFile> {
  const sqlOf = (cell: string, kind: ColumnKind) => cellSql(cell, kind, writing);
  const instance = await openEngine(':memory:', {
    readOnly: false,
    spillIn: featureTableLayout(home).folder,
  });
  try {
    return await withConnection(instance, signal, async (connection) => {
      const staged = await withCopiesFolder(home, (workFolder) =>
        stageTable(connection, path, { workFolder, signal }),
      );
      requireWholeRows(staged);
      const id = cellName(placeOf(staged, idColumn));
      const places = placesOf(staged, known);
      await dropBlankRows(connection, staged);
      const sums = await setSumsAside(connection, staged, id);
      await requireIds(connection, staged, id);
      await refuseRepeatedIds(connection, id);
      const kinds = await kindsInFile(connection, known, places, { writing, now });
      const columns = known.map(({ name, kind }, i) => ({ name, kind: kinds[i] ?? kind }));
      const cells = columns.map(({ kind }, i) => `${sqlOf(cellName(places[i]), kind)} as ${cellName(i)}`);
      const result = await connection.run(
        `select ${id} as id, ${cells.join(', ')} from staged order by row_number`,
      );
      const table = await columnTableOf(
        ['id', ...columns.map((_, i) => cellName(i))],
        await result.fetchAllChunks(),
      );
      return {
        rows: { ids: table.text('id').map((text) => text ?? ''), cells: readCells(table, columns) },
        unreadable: await countUnreadable(connection, columns, { places, sqlOf }),
        sums,
      };
    });
  } catch (error) {
    throw writeError(error, signal);
  } finally {
    instance.closeSync();
  }
}

/** Refuses lines that cannot be read: their scores would be missing without notice. */
function requireWholeRows({ fileName, badLines }: StagedTable): void {
  if (badLines === 0) return;
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `${badLines} lines of ${quoted(fileName)} have too few or too many columns, or an unclosed quote.`,
    { hint: 'Correct these lines, so that every customer gets a score.' },
  );
}

function placesOf(staged: StagedTable, columns: readonly TableColumn[]): number[] {
  const missing = columns.filter(({ name }) => !staged.columns.includes(name)).map(({ name }) => name);
  const alike = (name: string) =>
    staged.columns.some((column) => column.toLowerCase() === name.toLowerCase());
  const absent = missing.filter((name) => !alike(name));
  if (absent.length === 0) return columns.map(({ name }) => placeOf(staged, name));
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The file ${quoted(staged.fileName)} lacks columns that the model reads: ${quotedList(absent)}.`,
    { hint: 'Add these columns (leave unknown values empty), or train a model without them.' },
  );
}

async function requireIds(
  connection: DuckDBConnection,
  { fileName }: StagedTable,
  id: string,
): Promise<void> {
  const missing = await readCount(connection, `select count(*) from staged where ${id} is null`);
  if (missing === 0) return;
  throw new ChurnMcpError('IMPORT_REFUSED', `${missing} rows of ${quoted(fileName)} have no id.`, {
    hint: 'Give every row an id, or remove the rows without one.',
  });
}

async function countUnreadable(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  { places, sqlOf }: { readonly places: readonly number[]; readonly sqlOf: typeof cellSql },
): Promise<{ column: string; cells: number }[]> {
  const counted: { column: string; cells: number }[] = [];
  for (const [i, { name, kind }] of columns.entries()) {
    if (kind === 'category') continue;
    const cell = cellName(places[i]);
    const cells = await readCount(
      connection,
      `select count(*) from staged where not says_missing(${cell}) and ${sqlOf(cell, kind)} is null`,
    );
    if (cells > 0) counted.push({ column: name, cells });
  }
  return counted;
}
