import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import type { SqlFile } from './sql-file.ts';

/** A statement: a file of `sql/`, named by its path there without the ending, or text composed here. */
export type StatementText = { readonly file: SqlFile } | { readonly text: string };

/** The files of one folder of `sql/`, by their names within it. */
export type SqlFileIn<Folder extends string> = SqlFile extends infer File
  ? File extends `${Folder}/${infer Name}`
    ? Name
    : never
  : never;

const cache = new Map<SqlFile, string>();

/** The text of `sql/<file>.sql`. Read once: the files are part of the installation and do not change while the process runs. */
export function loadSql(file: SqlFile): string {
  const cached = cache.get(file);
  if (cached !== undefined) return cached;
  const text = readFileSync(join(packageRoot(), 'sql', `${file}.sql`), 'utf8');
  cache.set(file, text);
  return text;
}

export function textOf(statement: StatementText): string {
  return 'file' in statement ? loadSql(statement.file) : statement.text;
}
