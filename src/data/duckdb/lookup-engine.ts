import { throwIfAborted } from '../../errors.ts';
import type { GivenTable, Query } from '../data-source.ts';
import { textOf } from '../load-sql.ts';
import {
  type DuckDBConnection,
  type DuckDBInstance,
  type DuckDBPreparedStatement,
  interruptible,
  openEngine,
} from './duckdb-engine.ts';
import { type QueryResult, readToEnd } from './query-result.ts';
import { quoteIdentifier, withLiterals } from './sql-quoting.ts';

/** Questions wait for the engine's threads, of which a process has four for such work. */
const MOST_IDLE = 4;
/** Rules and days are part of a text, so a statement has several. */
const MOST_PREPARED = 16;
/** Rows given to a connection before another takes its place: the engine passes over those that were removed, too. */
const MOST_GIVEN_ROWS = 50_000;

interface LookupConnection {
  readonly connection: DuckDBConnection;
  /** Names of its temporary tables. */
  readonly tables: Set<string>;
  givenRows: number;
  /** By text, the one used last at the end. */
  readonly prepared: Map<string, DuckDBPreparedStatement>;
}

/**
 * Answers statements that read few rows, found by ids, on one thread each. Such a statement has a hundred small steps: to hand them
 * to a second thread takes longer than they do, and so does reading the text, which stays prepared. It waits for no other
 * statement either, because an instance of its own has its own threads.
 */
export class LookupEngine {
  readonly #instance: DuckDBInstance;
  readonly #idle: LookupConnection[] = [];

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /**
   * Its plans of statements without bound values serve tables that are filled anew.
   *
   * @throws where the file is gone or no snapshot
   */
  static async open(file: string, spillIn: string): Promise<LookupEngine> {
    const instance = await openEngine(file, { readOnly: true, spillIn, threads: 1 });
    const engine = new LookupEngine(instance);
    const first = await engine.#connect();
    // Both take the least and greatest values of a table as they are at planning for those of each run, and rows get lost.
    await first.connection.run(
      "set global disabled_optimizers = 'statistics_propagation,compressed_materialization'",
    );
    engine.#idle.push(first);
    return engine;
  }

  async fetch(query: Query): Promise<QueryResult> {
    const used = this.#idle.pop() ?? (await this.#connect());
    try {
      const fetched = await interruptible(used.connection, query.signal, () => fetchFrom(used, query));
      if (this.#idle.length < MOST_IDLE && used.givenRows < MOST_GIVEN_ROWS) this.#idle.push(used);
      else close(used);
      return fetched;
    } catch (error) {
      // A result that was not read to its end may still run.
      close(used);
      throw error;
    }
  }

  async #connect(): Promise<LookupConnection> {
    const connection = await this.#instance.connect();
    return { connection, tables: new Set(), givenRows: 0, prepared: new Map() };
  }

  /** No statement may run. */
  closeSync(): void {
    for (const idle of this.#idle.splice(0)) close(idle);
    this.#instance.closeSync();
  }
}

async function fetchFrom(used: LookupConnection, query: Query) {
  const { lookup } = query;
  const kept = lookup && withLiterals(textOf(lookup.statement), lookup.statement.values);
  if (kept !== undefined) for (const table of lookup?.tables ?? []) await give(used, table);
  const statement = await preparedOf(used, kept ?? textOf(query));
  throwIfAborted(query.signal);
  if (kept === undefined) statement.bind([...query.values]);
  return readToEnd(await statement.stream(), query.signal);
}

/** Puts rows in place of those that were given before. The table itself stays, and so do plans that read it. */
async function give(used: LookupConnection, { name, columns, rows }: GivenTable): Promise<void> {
  const { connection, tables } = used;
  const isInteger = columns.map((_, column) => typeof rows[0][column] === 'number');
  if (tables.has(name)) {
    await (await preparedOf(used, `delete from ${quoteIdentifier(name)}`)).run();
  } else {
    const types = columns.map(
      (column, i) => `${quoteIdentifier(column)} ${isInteger[i] ? 'bigint' : 'varchar'}`,
    );
    await connection.run(`create temporary table ${quoteIdentifier(name)} (${types.join(', ')})`);
    tables.add(name);
    // The engine plans what was prepared before at each run from now on.
    forget(used);
  }
  const appender = await connection.createAppender(name, 'main', 'temp');
  for (const row of rows) {
    for (const [column, value] of row.entries()) {
      if (isInteger[column]) appender.appendBigInt(BigInt(value));
      else appender.appendVarchar(String(value));
    }
    appender.endRow();
  }
  appender.closeSync();
  used.givenRows += rows.length;
}

async function preparedOf({ connection, prepared }: LookupConnection, text: string) {
  const statement = prepared.get(text) ?? (await connection.prepare(text));
  prepared.delete(text);
  prepared.set(text, statement);
  for (const [oldest, unused] of prepared) {
    if (prepared.size <= MOST_PREPARED) break;
    prepared.delete(oldest);
    unused.destroySync();
  }
  return statement;
}

function forget({ prepared }: LookupConnection): void {
  for (const statement of prepared.values()) statement.destroySync();
  prepared.clear();
}

function close(used: LookupConnection): void {
  forget(used);
  used.connection.closeSync();
}
