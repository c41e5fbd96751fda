import type { DataSource, SqlValue } from './data-source.ts';
import { isStatementName, loadSql } from './load-sql.ts';
import { SERVING_TABLES } from './serving-tables.ts';

/** A statement (its name in `sql/`, or text composed here) and the values of its `?` in order. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const SERVING_TABLE_REFERENCE = /\binteractive\.([a-z_]+)\b/g;

/** Puts relations before a statement that reads them by name. A relation may read those before it. */
export function withRelations(
  relations: readonly (Statement & { readonly name: string })[],
  statement: Statement,
): Statement {
  if (relations.length === 0) return statement;
  const definitions = relations.map(({ name, sql }) => `${name} as (\n${textOf(sql)}\n)`);
  return {
    sql: `with ${definitions.join(',\n')}\nselect * from (\n${textOf(statement.sql)}\n)`,
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
 * The data as of a day. On the day of the serving tables they are read as they are; for another day each table that
 * the statements named in `sql` read is computed once, by the very statement that builds it, bound to that day. So
 * there is one definition, whatever the day.
 */
export async function openDay(
  data: DataSource,
  asOfDate: string,
  sql: readonly string[],
  signal?: AbortSignal,
): Promise<DayView> {
  const { lastOrderDate } = await data.summary();
  if (asOfDate === lastOrderDate) {
    return { data, statement: (statement) => statement, async [Symbol.asyncDispose]() {} };
  }
  const needed = new Set<string>();
  for (const name of sql) collectServingTables(loadSql(name), needed);
  const relations = SERVING_TABLES.filter(({ table }) => needed.has(table)).map(
    ({ table, sql: builder }) => ({
      name: asOfName(table),
      sql: readAsOf(loadSql(builder)),
      values: [asOfDate],
    }),
  );
  const ofDay = await data.withRelations(relations, signal);
  return {
    data: ofDay,
    statement: ({ sql: text, values }) => ({ sql: readAsOf(textOf(text)), values }),
    [Symbol.asyncDispose]: () => ofDay[Symbol.asyncDispose](),
  };
}

function collectServingTables(text: string, needed: Set<string>): void {
  for (const [, table] of text.matchAll(SERVING_TABLE_REFERENCE)) {
    const definition = SERVING_TABLES.find((entry) => entry.table === table);
    if (definition === undefined || needed.has(table)) continue;
    needed.add(table);
    collectServingTables(loadSql(definition.sql), needed);
  }
}

function readAsOf(text: string): string {
  return text.replaceAll(SERVING_TABLE_REFERENCE, (_, table: string) => asOfName(table));
}

function asOfName(table: string): string {
  return `${table}_as_of`;
}

function textOf(sql: string): string {
  return isStatementName(sql) ? loadSql(sql) : sql;
}
