import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { StagedFile } from './staged-file.ts';

/** Writes some fields of a staged file anew, each as its SQL says. */
export async function rewriteFields(
  connection: DuckDBConnection,
  { relation, kind }: StagedFile,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const written = Object.entries(fields).map(([field, sql]) => `${sql} as ${field}`);
  await connection.run(
    `create or replace table staging.rewritten as select * replace (${written.join(', ')}) from staging.${relation}`,
  );
  await connection.run(`drop ${kind} staging.${relation}`);
  await connection.run(`alter table staging.rewritten rename to ${relation}`);
}
