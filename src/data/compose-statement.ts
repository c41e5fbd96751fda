import type { DataSource, GivenTable, Id, Query, Relation, Statement } from './data-source.ts';
import { loadSql, textOf } from './load-sql.ts';
import { SERVING_TABLES, type ServingTable, servingValues } from './serving-tables.ts';
import type { SqlFile } from './sql-file.ts';
import { textsAsRelation } from './texts-as-relation.ts';

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

/** The same statement over other relations: by the name that it reads, the name of what it reads in its place. */
export function overRelations(statement: Statement, inPlace: Readonly<Record<string, string>>): Statement {
  const text = Object.entries(inPlace).reduce(
    (text, [name, other]) => text.replaceAll(name, other),
    textOf(statement),
  );
  return { text, values: statement.values };
}

/** Serving tables with rows of each customer, sorted by customer. */
const TABLES_BY_CUSTOMER = ['purchased_pairs', 'recommendation_customers'];
/** Beyond so many customers, one pass over a whole table is quicker. */
const MOST_LOOKED_UP = 250;

/** The relation of the customers that `ofCustomers` puts before a statement, with a number for each. */
export const ASKED_CUSTOMERS: Statement = {
  text: 'select customer_id, customer_number from asked_customers',
  values: [],
};
const ASKED = 'asked_customers';

/**
 * A statement that reads the relations `asked_customers` and `listed`, with both put before it. Of few customers it reads their
 * rows alone. Each customer's rows are asked for by themselves: an engine then skips all other rows of a sorted table, which
 * it does not if it is given several ids at once. An engine that keeps plans takes both relations as tables (`Query.lookup`).
 */
export function ofCustomers(
  statement: Statement,
  customerIds: readonly Id[],
  listed: readonly GivenTable<string>[] = [],
): Query {
  const asked = { name: ASKED, ...customersAsRelation(customerIds) };
  const texts = listed.map(({ name, columns, rows }) => textsAsRelation(name, columns, rows));
  if (customerIds.length === 0 || customerIds.length > MOST_LOOKED_UP) {
    return withRelations([asked, ...texts], statement);
  }
  const lookedUp = overLookedUp(statement);
  const isRead = ({ name }: Relation) => textOf(lookedUp).includes(name);
  return {
    ...withRelations([asked, ...texts, ...rowsOf(customerIds).filter(isRead)], lookedUp),
    lookup: {
      statement: withNeighborsOfOwned(lookedUp, lookedUpRelations(ASKED).filter(isRead)),
      tables: [
        {
          name: ASKED,
          columns: ['customer_id', 'customer_number'],
          rows: customerIds.map((id, index) => [id, index + 1]),
        },
        ...listed,
      ],
    },
  };
}

/** Of all pairs of neighbours, which are many in a shop of many products, the statement then joins those of owned products alone. */
function withNeighborsOfOwned(statement: Statement, lookedUp: readonly Relation[]): Statement {
  const table = 'interactive.product_neighbors';
  const name = 'neighbors_of_owned';
  const owned = `select product_id from ${lookedUpName('purchased_pairs')}`;
  const neighbors = { name, text: `select * from ${table} where product_id in (${owned})`, values: [] };
  return withRelations([...lookedUp, neighbors], overRelations(statement, { [table]: name }));
}

function rowsOf(customerIds: readonly Id[]): Relation[] {
  return TABLES_BY_CUSTOMER.map((table) => ({
    name: lookedUpName(table),
    text: customerIds
      .map((id) => `select * from interactive.${table} where customer_id = ${placeOf(id)}`)
      .join('\nunion all\n'),
    values: customerIds,
  }));
}

/** The rows of some customers, for statements that read them again and again: `overLookedUp`. */
export function lookedUpRelations(customers: string): Relation[] {
  return TABLES_BY_CUSTOMER.map((table) => ({
    name: lookedUpName(table),
    text: `select * from interactive.${table} where customer_id in (select customer_id from ${customers})`,
    values: [],
  }));
}

/** The same statement over the rows that were looked up before. */
export function overLookedUp(statement: Statement): Statement {
  const text = textOf(statement).replaceAll(SERVING_TABLE_REFERENCE, (reference, table: string) =>
    TABLES_BY_CUSTOMER.includes(table) ? lookedUpName(table) : reference,
  );
  return { text, values: statement.values };
}

function lookedUpName(table: string): string {
  return `${table}_looked_up`;
}

/** Customers as a relation `customer_id` and `customer_number`, their ids of the type that the shop's have. */
function customersAsRelation(customerIds: readonly Id[]): Statement {
  if (customerIds.length === 0) {
    return {
      text: 'select customer_id, 0 as customer_number from interactive.recommendation_customers where 1 = 0',
      values: [],
    };
  }
  const rows = customerIds.map((id, index) => `(${placeOf(id)}, ${index + 1})`).join(', ');
  return {
    text: `select customer_id, customer_number from (values ${rows}) as listed (customer_id, customer_number)`,
    values: customerIds,
  };
}

/** Engines would take a bound number for a double, and compare a column of integers as such. */
function placeOf(id: Id): string {
  return typeof id === 'number' ? 'cast(? as bigint)' : 'cast(? as varchar)';
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
export function openDay(
  data: DataSource,
  asOfDate: string,
  files: readonly SqlFile[],
  signal?: AbortSignal,
): Promise<DayView> {
  return openDayWith(data, { asOfDate, files, before: [], tables: [], relations: [], signal });
}

export interface DayRequest {
  readonly asOfDate: string;
  readonly files: readonly SqlFile[];
  /** Computed first, from the serving tables as they are today. */
  readonly before: readonly Relation[];
  /** How the caller computes serving tables as of an earlier day, if not by the statements that build them. */
  readonly tables: readonly Relation[];
  /** Computed once too, in this order; they may read the serving tables that `files` read. */
  readonly relations: readonly Relation[];
  readonly signal: AbortSignal | undefined;
}

/** The same with relations of the caller's own. */
export async function openDayWith(
  data: DataSource,
  { asOfDate, files, before, tables, relations: more, signal }: DayRequest,
): Promise<DayView> {
  const summary = await data.summary();
  if (asOfDate === summary.lastOrderDate) {
    const own = more.length === 0 ? undefined : await data.withRelations(more, signal);
    return {
      data: own ?? data,
      statement: (statement) => statement,
      [Symbol.asyncDispose]: async () => own?.[Symbol.asyncDispose](),
    };
  }
  const given = new Map<string, Statement>([[PAIRS.table, earlierPairs(asOfDate)]]);
  for (const table of tables) given.set(table.name, table);
  const relations = servingTablesReadBy(files).map((serving) => ({
    ...(given.get(serving.table) ??
      overDay({ file: serving.file, values: servingValues(serving, asOfDate, summary) })),
    name: asOfName(serving.table),
  }));
  const own = more.map((relation) => ({ name: relation.name, ...overDay(relation) }));
  const ofDay = await data.withRelations([...before, ...relations, ...own], signal);
  return {
    data: ofDay,
    statement: overDay,
    [Symbol.asyncDispose]: () => ofDay[Symbol.asyncDispose](),
  };
}

const PAIRS = { table: 'purchased_pairs', file: 'portable/tables/purchased_pairs' } as const;

/**
 * The largest table as of an earlier day. Only the pairs bought again after it are computed, by the one definition of a pair on
 * their lines alone; the others are what they are today. All pairs from all lines took three times as long.
 */
function earlierPairs(asOfDate: string): Statement {
  const values = [asOfDate];
  return withRelations(
    [
      { name: 'lines_bought_again', file: 'portable/reads/lines_bought_again', values },
      {
        name: 'pairs_bought_again',
        ...overRelations({ file: PAIRS.file, values }, { 'raw.order_items': 'lines_bought_again' }),
      },
    ],
    { file: 'portable/reads/purchased_pairs_earlier', values },
  );
}

/** The serving tables that statements read, and those that these read, in build order. */
export function servingTablesReadBy(files: readonly SqlFile[]): ServingTable[] {
  const needed = new Set<string>();
  for (const file of files) collectServingTables(loadSql(file), needed);
  return SERVING_TABLES.filter(({ table }) => needed.has(table));
}

function collectServingTables(text: string, needed: Set<string>): void {
  for (const [, table] of text.matchAll(SERVING_TABLE_REFERENCE)) {
    const definition = SERVING_TABLES.find((entry) => entry.table === table);
    if (definition === undefined || needed.has(table)) continue;
    needed.add(table);
    collectServingTables(loadSql(definition.file), needed);
  }
}

/** The same statement over the serving tables as of the day that is opened. */
export function overDay(statement: Statement): Statement {
  const text = textOf(statement).replaceAll(SERVING_TABLE_REFERENCE, (_, table: string) => asOfName(table));
  return { text, values: statement.values };
}

function asOfName(table: string): string {
  return `${table}_as_of`;
}
