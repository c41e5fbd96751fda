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

/**
 * The same statement as of another day than that of the serving tables: each `interactive.<table>` it reads becomes
 * the very statement that builds the table, bound to that day. So there is one definition, whatever the day.
 */
export function asOfDay(statement: Statement, asOfDate: string): Statement {
  const needed = new Set<string>();
  collectServingTables(textOf(statement.sql), needed);
  const relations = SERVING_TABLES.filter(({ table }) => needed.has(table)).map(({ table, sql }) => ({
    name: asOfName(table),
    sql: readAsOf(loadSql(sql)),
    values: [asOfDate],
  }));
  return withRelations(relations, { sql: readAsOf(textOf(statement.sql)), values: statement.values });
}

/** The statement as it must run for a day: over the serving tables where they are of that day, else `asOfDay`. */
export async function forDay(data: DataSource, statement: Statement, asOfDate: string): Promise<Statement> {
  const { lastOrderDate } = await data.summary();
  return asOfDate === lastOrderDate ? statement : asOfDay(statement, asOfDate);
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
