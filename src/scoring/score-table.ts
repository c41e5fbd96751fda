import type { TableColumn, TableRows } from '../data/feature-table/feature-table.ts';
import { readFeatureTable } from '../data/feature-table/feature-table-home.ts';
import { readTableFile } from '../data/import/customer-table/read-table-file.ts';
import { ChurnMcpError } from '../errors.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { RegisteredVersion } from '../registry/model-registry.ts';
import { scoreCells } from './table-scorer.ts';

export interface TableScores {
  /** Ids as written in the file, in the order of its rows. */
  readonly ids: readonly string[];
  readonly probabilities: Float32Array;
  /** Cells in number columns that are no numbers and count as missing, by column. */
  readonly unreadable: readonly { readonly column: string; readonly cells: number }[];
}

export interface ScoreTableRequest {
  readonly home: string;
  readonly version: RegisteredVersion;
  /** The imported table by default. */
  readonly file?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores every row of a table of customers.
 *
 * @throws IMPORT_REFUSED if the file lacks a column of the model, NO_DATA if there is neither a file nor an imported table
 */
export async function scoreTable({ home, version, file, signal }: ScoreTableRequest): Promise<TableScores> {
  const { table }: DetailFields = version.card.details;
  if (table === undefined) {
    throw new ChurnMcpError('INTERNAL', 'The model does not say which columns it reads.');
  }
  const read =
    file === undefined
      ? await readImported(home, table.columns, signal)
      : await readTableFile(file, { idColumn: table.id_column, columns: table.columns }, home, signal);
  const probabilities = await scoreCells(version.onnx, read.rows.cells, read.rows.ids.length, signal);
  return { ids: read.rows.ids, probabilities, unreadable: read.unreadable };
}

async function readImported(
  home: string,
  columns: readonly TableColumn[],
  signal: AbortSignal | undefined,
): Promise<{ rows: TableRows; unreadable: [] }> {
  const { summary, ids, cells } = await readFeatureTable(home, signal);
  const wanted = columns.map(({ name, kind }) => {
    const place = summary.columns.findIndex((column) => column.name === name && column.kind === kind);
    if (place >= 0) return cells[place];
    throw new ChurnMcpError(
      'MISSING_TABLE',
      'The model was trained on another table than the imported one.',
      {
        hint: 'Train on the imported table with train_churn_model and label "column", or name the file to score with --features FILE.',
      },
    );
  });
  return { rows: { ids, cells: wanted }, unreadable: [] };
}
