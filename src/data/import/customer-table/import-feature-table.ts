import { z } from 'zod';
import { throwIfAborted } from '../../../errors.ts';
import { sha256Of, writeWithChecksum } from '../../../files/checksum.ts';
import { makeFolder } from '../../../files/folders.ts';
import { type DuckDBConnection, openEngine, withConnection } from '../../duckdb/duckdb-engine.ts';
import { writeError } from '../../duckdb/duckdb-errors.ts';
import { quoteLiteral } from '../../duckdb/sql-quoting.ts';
import type { TableSummary } from '../../feature-table/feature-table.ts';
import { flipFeatureTable } from '../../feature-table/feature-table-home.ts';
import { featureTableLayout, newTableFileName } from '../../feature-table/feature-table-layout.ts';
import { cellName, cellSql, type TableWriting } from '../../feature-table/table-cells.ts';
import type { ImportOptions } from '../import-request.ts';
import { withCopiesFolder } from './copies-folder.ts';
import { judgeColumns, type KeptColumn } from './judge-columns.ts';
import { findWeights } from './sample-weights.ts';
import { placeOf, refuseRepeatedIds, type StagedTable, setSumsAside, stageTable } from './stage-table.ts';
import { readTargetValue } from './target-value.ts';
import { findValues, type ValueColumn } from './value-column.ts';

export interface ImportTableRequest extends TableWriting {
  readonly features: string;
  /** Name of the column with the customer's id. */
  readonly id: string;
  /** Name of the column that says whether the customer churned. */
  readonly target: string;
  /** The target's value that counts as churned, if its words are ambiguous. */
  readonly positive?: string;
  /** Name of a column that says how much each customer counts; it is not a feature. */
  readonly weight?: string | undefined;
  /** Name of a column of money, such as the monthly charge: what is at stake if the customer leaves. It stays a feature. */
  readonly value?: string | undefined;
  /** Whether only the report is wanted, and nothing is kept. */
  readonly dryRun?: boolean | undefined;
}

export interface ImportTableReport {
  /** False after a dry run. */
  readonly isImported: boolean;
  readonly summary: TableSummary;
  readonly rowsRead: number;
  readonly badLines: number;
  /** The ids of rows that are sums and no customers: Total. */
  readonly sums: readonly string[];
  readonly withoutId: number;
  readonly withoutTarget: number;
  /** Cells in number columns that are no numbers and count as missing. */
  readonly unreadable: readonly { readonly column: string; readonly cells: number }[];
}

/**
 * Imports a table of customers, one row each, as the current one. Every column is a number, a day or a category, or is
 * left out with a reason.
 *
 * @throws IMPORT_REFUSED if the file cannot be used as it is, STORAGE, CANCELLED. The earlier table then stays.
 */
export async function importFeatureTable(
  request: ImportTableRequest,
  options: ImportOptions,
): Promise<ImportTableReport> {
  const { home, signal, onProgress, now = new Date() } = options;
  const progress = (phase: string, message: string) => onProgress?.({ phase, done: 0, total: 1, message });
  const layout = featureTableLayout(home);
  try {
    await makeFolder(layout.folder);
    const instance = await openEngine(':memory:', { readOnly: false, spillIn: layout.folder });
    try {
      return await withConnection(instance, signal, async (connection) => {
        progress('reading', 'Reading the table');
        const staged = await withCopiesFolder(home, (workFolder) =>
          stageTable(connection, request.features, { workFolder, signal }),
        );
        const id = placeOf(staged, request.id);
        const target = placeOf(staged, request.target);
        const sums = await setSumsAside(connection, staged, cellName(id));
        await refuseRepeatedIds(connection, cellName(id));
        const positive = await readTargetValue(connection, staged, target, request.positive);
        progress('checking', 'Looking at every column');
        const counts = await labelRows(connection, id, target, positive);
        const weight = await findWeights(connection, staged, request.weight);
        const { kept, leftOut } = await judgeColumns(connection, staged, {
          others: [id, target],
          weight,
          writing: request,
          now,
        });
        const value = await findValues(connection, staged, request.value, kept);
        const extra: ExtraColumns = { weight, value };
        throwIfAborted(signal);
        progress('writing', 'Writing the table');
        await makeRows(connection, kept, { ...extra, writing: request });
        const summary: TableSummary = {
          fingerprint: await fingerprintOf(connection, kept, staged, extra),
          id_column: staged.columns[id],
          target: staged.columns[target],
          positive,
          rows: counts.rows,
          churned: counts.churned,
          ...extraNames(staged, extra),
          columns: kept.map(({ name, kind }) => ({ name, kind })),
          left_out: leftOut,
        };
        const isImported = request.dryRun !== true;
        if (isImported) await keepTable(connection, home, summary);
        return { isImported, summary, ...countsOf(staged), sums, ...counts, unreadable: unreadableOf(kept) };
      });
    } finally {
      instance.closeSync();
    }
  } catch (error) {
    throw writeError(error, signal);
  }
}

/** Writes the rows into a new file of the home, and makes it the current table. */
async function keepTable(connection: DuckDBConnection, home: string, summary: TableSummary): Promise<void> {
  const file = newTableFileName();
  const layout = featureTableLayout(home);
  await writeWithChecksum(layout.file(file), (aside) => writeRows(connection, aside));
  await flipFeatureTable(home, file, summary);
}

function countsOf({ rows, badLines }: StagedTable) {
  return { rowsRead: rows, badLines };
}

function unreadableOf(kept: readonly KeptColumn[]): ImportTableReport['unreadable'] {
  return kept
    .filter((column) => column.unreadable > 0)
    .map((column) => ({ column: column.name, cells: column.unreadable }));
}

const countsSchema = z.object({
  rows: z.coerce.number(),
  churned: z.coerce.number(),
  without_id: z.coerce.number(),
  without_target: z.coerce.number(),
});

/** Rows that can be used go to `labelled`: id, label and all cells. */
async function labelRows(connection: DuckDBConnection, id: number, target: number, positive: string) {
  const [idCell, targetCell] = [cellName(id), cellName(target)];
  await connection.run(
    `create table labelled as
     select *, ${idCell} as id, cast(lower(${targetCell}) = lower(?) as integer) as label
     from staged where ${idCell} is not null and ${targetCell} is not null`,
    [positive],
  );
  const result = await connection.runAndReadAll(
    `select
         (select count(*) from labelled) as rows,
         (select coalesce(sum(label), 0) from labelled) as churned,
         count_if(${idCell} is null) as without_id,
         count_if(${idCell} is not null and ${targetCell} is null) as without_target
     from staged`,
  );
  const counts = countsSchema.parse(result.getRowObjectsJson()[0]);
  return {
    rows: counts.rows,
    churned: counts.churned,
    withoutId: counts.without_id,
    withoutTarget: counts.without_target,
  };
}

function extraNames({ columns }: StagedTable, { weight, value }: ExtraColumns) {
  return {
    ...(weight !== undefined && { weight: columns[weight] }),
    ...(value !== undefined && { value: value.name }),
  };
}

/** Columns of the rows besides the features. */
interface ExtraColumns {
  readonly weight: number | undefined;
  readonly value: ValueColumn | undefined;
}

async function makeRows(
  connection: DuckDBConnection,
  kept: readonly KeptColumn[],
  { weight, value, writing }: ExtraColumns & { readonly writing: TableWriting },
): Promise<void> {
  const cells = kept.map(
    ({ place, kind }, i) => `${cellSql(cellName(place), kind, writing)} as ${cellName(i)}`,
  );
  if (weight !== undefined) cells.push(`${cellSql(cellName(weight), 'number')} as weight`);
  if (value !== undefined) cells.push(`${cellSql(cellName(value.place), value.kind)} as value`);
  await connection.run('create schema result');
  await connection.run(
    `create table result.rows as select id, label, ${cells.join(', ')} from labelled order by id`,
  );
}

async function writeRows(connection: DuckDBConnection, file: string): Promise<void> {
  await connection.run(`copy result.rows to ${quoteLiteral(file)} (format parquet, compression zstd)`);
}

/** Hashes the rows as texts and sums the hashes, so that order does not matter; with names and kinds of the columns. */
async function fingerprintOf(
  connection: DuckDBConnection,
  kept: readonly KeptColumn[],
  { columns }: StagedTable,
  { weight, value }: ExtraColumns,
): Promise<string> {
  const cells = [
    'id',
    'label',
    ...(weight === undefined ? [] : ['weight']),
    ...(value === undefined ? [] : ['value']),
    ...kept.map((_, i) => cellName(i)),
  ].map((cell) => `coalesce(cast(${cell} as varchar), chr(30))`);
  const result = await connection.runAndReadAll(
    `with row_texts as (select ${cells.join(' || chr(31) || ')} as row_text from result.rows)
     select count(*), sum(md5_number_lower(row_text)), sum(md5_number_upper(row_text)) from row_texts`,
  );
  const content = [kept.map(({ name, kind }) => [name, kind]), result.getRowsJson()];
  return sha256Of(JSON.stringify([columns.length, ...content]));
}
