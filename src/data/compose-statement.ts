import type { DataSource, Relation, Statement } from './data-source.ts';
import { loadSql, textOf } from './load-sql.ts';
import { SERVING_TABLES, servingValues } from './serving-tables.ts';
import type { SqlFile } from './sql-file.ts';

const SERVING_TABLE_REFERENCE = /\binteractive\.([a-z_]+)\b/g;

/** Puts relations before a statement that reads them by name. A relation may read those before it. */
export function withRelations(relations: readonly Relation[], statement: Statement): Statement {
  if (relations.length === 0) return statement;
  const definitions = relations.map((relation) => `${relation.name} as (\n${textOf(relation)}\n)`);
  return {
    text: `with ${definitions.join(',\n')}\nselect * from (\n${textOf(statement)}\n)`,
    values: [...relations.flatMap(({ values }) => values), ...statement.values],
  };
}

/** The data as of one day, and how a statement over the serving tables reads it. */
export interface DayView extends AsyncDisposable {
  readonly data: DataSource;
  /** The same statement over the serving tables as of the day. */
  statement(statement: Statement): Statement;
}

/**
 * The data as of a day. On the day of the serving tables, statements read those tables. For another day, each table that
 * the `files` read is computed once, by the same statement that builds it, bound to that day. So
 * there is one definition for every day.
 */
export async function openDay(
  data: DataSource,
  asOfDate: string,
  files: readonly SqlFile[],
  signal?: AbortSignal,
): Promise<DayView> {
  const summary = await data.summary();
  if (asOfDate === summary.lastOrderDate) {
    return { data, statement: (statement) => statement, async [Symbol.asyncDispose]() {} };
  }
  const needed = new Set<string>();
  for (const file of files) collectServingTables(loadSql(file), needed);
  const relations = SERVING_TABLES.filter(({ table }) => needed.has(table)).map((serving) => ({
    name: asOfName(serving.table),
    text: readAsOf(loadSql(serving.file)),
    values: servingValues(serving, asOfDate, summary),
  }));
  const ofDay = await data.withRelations(relations, signal);
  return {
    data: ofDay,
    statement: (statement) => ({ text: readAsOf(textOf(statement)), values: statement.values }),
    [Symbol.asyncDispose]: () => ofDay[Symbol.asyncDispose](),
  };
}

function collectServingTables(text: string, needed: Set<string>): void {
  for (const [, table] of text.matchAll(SERVING_TABLE_REFERENCE)) {
    const definition = SERVING_TABLES.find((entry) => entry.table === table);
    if (definition === undefined || needed.has(table)) continue;
    needed.add(table);
    collectServingTables(loadSql(definition.file), needed);
  }
}

function readAsOf(text: string): string {
  return text.replaceAll(SERVING_TABLE_REFERENCE, (_, table: string) => asOfName(table));
}

function asOfName(table: string): string {
  return `${table}_as_of`;
}
