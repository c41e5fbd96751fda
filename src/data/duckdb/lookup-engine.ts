import { throwIfAborted } from '../../errors.ts';
import type { Query } from '../data-source.ts';
import { textOf } from '../load-sql.ts';
import {
  type DuckDBConnection,
  type DuckDBInstance,
  type DuckDBPreparedStatement,
  interruptible,
  openEngine,
} from './duckdb-engine.ts';
import { type QueryResult, readToEnd } from './query-result.ts';

/** Questions wait for the engine's threads, of which a process has four for such work. */
const MOST_IDLE = 4;
/** The text depends on how many customers are asked for, so a statement has several. */
const MOST_PREPARED = 16;

interface LookupConnection {
  readonly connection: DuckDBConnection;
  /** By text, the one used last at the end. */
  readonly prepared: Map<string, DuckDBPreparedStatement>;
}

/**
 * Answers statements on one thread each: those that read few rows, found by ids, and those that run beside others like them.
 * Such a statement has a hundred small steps: to hand them to a second thread takes longer than they do, and so does reading
 * the text, which stays prepared. It waits for no other statement either, because an instance of its own has its own threads.
 */
export class LookupEngine {
  readonly #instance: DuckDBInstance;
  readonly #idle: LookupConnection[] = [];

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /** @throws where the file is gone or no snapshot */
  static async open(file: string, spillIn: string): Promise<LookupEngine> {
    return new LookupEngine(await openEngine(file, { readOnly: true, spillIn, threads: 1 }));
  }

  async fetch(query: Query): Promise<QueryResult> {
    const used = this.#idle.pop() ?? { connection: await this.#instance.connect(), prepared: new Map() };
    try {
      const fetched = await interruptible(used.connection, query.signal, () => fetchFrom(used, query));
      if (this.#idle.length < MOST_IDLE) this.#idle.push(used);
      else close(used);
      return fetched;
    } catch (error) {
      // A result that was not read to its end may still run.
      close(used);
      throw error;
    }
  }

  /** No statement may run. */
  closeSync(): void {
    for (const idle of this.#idle.splice(0)) close(idle);
    this.#instance.closeSync();
  }
}

async function fetchFrom(used: LookupConnection, query: Query) {
  const statement = await preparedOf(used, textOf(query));
  throwIfAborted(query.signal);
  statement.bind([...query.values]);
  return readToEnd(await statement.stream(), query.signal);
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

function close({ connection, prepared }: LookupConnection): void {
  for (const statement of prepared.values()) statement.destroySync();
  connection.closeSync();
}
