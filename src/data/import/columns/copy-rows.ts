import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { type FileColumns, readerPath, readerSql, reading } from '../files/file-reader.ts';
import type { SourceFile } from '../files/source-file.ts';

export interface CopiedRows {
  readonly table: string;
  readonly select: string;
  /** All, unless given. */
  readonly most?: number | undefined;
  readonly groupBy?: readonly string[];
}

/** Copies rows of a file into a temporary table, the first rows first. */
export async function copyRows(
  connection: DuckDBConnection,
  { file, ...columns }: FileColumns & { readonly file: SourceFile },
  used: readonly number[],
  { table, select, most, groupBy = [] }: CopiedRows,
): Promise<void> {
  const reader = readerSql(file, columns, used);
  const end = [
    ...(groupBy.length > 0 ? [`group by ${groupBy.join(', ')}`] : []),
    ...(most === undefined ? [] : [`limit ${most}`]),
  ].join(' ');
  await connection.run('set preserve_insertion_order = true');
  await reading(file, () =>
    connection.run(`create or replace temp table ${table} as select ${select} from ${reader} ${end}`, [
      readerPath(file),
    ]),
  );
  await connection.run('set preserve_insertion_order = false');
  await connection.run('drop table if exists reject_errors');
  await connection.run('drop table if exists reject_scans');
}
