import type {
  ColumnCells,
  FeatureTable,
  TableColumn,
  TableRows,
} from '../data/feature-table/feature-table.ts';
import { readFeatureTable } from '../data/feature-table/feature-table-home.ts';
import type { TableWriting } from '../data/feature-table/table-cells.ts';
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
  /** What rows are called that are sums and no customers; they have no score. */
  readonly sums: readonly string[];
}

export interface ScoreTableRequest {
  readonly home: string;
  readonly version: RegisteredVersion;
  /** The imported table by default. */
  readonly file?: string;
  /** How the file is written, if it does not tell. */
  readonly writing?: TableWriting | undefined;
  /** By default the clock's time. */
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores every row of a table of customers.
 *
 * @throws IMPORT_REFUSED if the file lacks a column of the model, NO_DATA if there is neither a file nor an imported table
 */
export async function scoreTable(request: ScoreTableRequest): Promise<TableScores> {
  const { home, version, file, writing = {}, now = new Date(), signal } = request;
  const { columns, idColumn, onnx } = tableModelOf(version);
  const read =
    file === undefined
      ? await readImported(home, columns, signal)
      : await readTableFile(file, { idColumn, columns, writing, now }, home, signal);
  const probabilities = await scoreCells(onnx, read.rows.cells, read.rows.ids.length, signal);
  return { ids: read.rows.ids, probabilities, unreadable: read.unreadable, sums: read.sums };
}

/** What scoring needs of a registered model of a table. */
export interface TableModel {
  readonly idColumn: string;
  readonly columns: readonly TableColumn[];
  readonly onnx: Uint8Array;
}

export function tableModelOf({ card, onnx }: RegisteredVersion): TableModel {
  const { table }: DetailFields = card.details;
  if (table === undefined) {
    throw new ChurnMcpError('INTERNAL', 'The model does not say which columns it reads.');
  }
  return { idColumn: table.id_column, columns: table.columns, onnx };
}

async function readImported(
  home: string,
  columns: readonly TableColumn[],
  signal: AbortSignal | undefined,
): Promise<{ rows: TableRows; unreadable: []; sums: [] }> {
  const table = await readFeatureTable(home, signal);
  return { rows: { ids: table.ids, cells: wantedCells(table, columns) }, unreadable: [], sums: [] };
}

/** The columns that a model reads. @throws MISSING_TABLE if the table lacks one */
export function wantedCells(
  { summary, cells }: FeatureTable,
  columns: readonly TableColumn[],
): readonly ColumnCells[] {
  return columns.map(({ name, kind }) => {
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
}
