import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type {
  ColumnTable,
  DataSource,
  DataSummary,
  Query,
  Relation,
  Statement,
} from '../../data/data-source.ts';
import { textOf } from '../../data/load-sql.ts';
import { servingTable, servingValues } from '../../data/serving-tables.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import type { CountedRows } from '../counted-rows.ts';
import { CollectedColumns } from '../session/collected-columns.ts';
import { CollectedRows } from '../session/collected-rows.ts';
import type { RowSink } from '../session/row-sink.ts';
import { isPastLost, isRefusal, isSessionEnded } from '../session/snowflake-errors.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { inSnowflake, temporaryName } from '../statement-text.ts';
import { finalOrder, pullTable } from './bulk-pull.ts';
import type { ServedTables } from './served-tables.ts';
import { type OpenSession, SessionHolder, waitUnlessOthersGaveUp } from './session-holder.ts';

/** The state of the tables that a source reads: as one statement saw them. */
export interface SeenTables {
  readonly summary: DataSummary;
  /** The id of the statement that read the summary. */
  readonly seenBy: string;
  readonly counted: CountedRows;
  readonly served: ServedTables;
}

/** How a source sees the tables: as of a moment, and how to find a later one that is the same. */
export interface Look {
  readonly seen: SeenTables;
  readonly again: () => Promise<SeenTables>;
}

const RELATION_NAME = /^[a-z][a-z_]*$/;

/**
 * The shop's tables in Snowflake, as they were when their summary was read. Serving tables are dynamic tables that hold that state, or
 * temporary ones of the session, each made by its statement at first use, so nothing is written that others could see.
 */
export class SnowflakeDataSource implements DataSource {
  readonly #config: SnowflakeConfig;
  readonly #holder: SessionHolder;
  readonly #relations: readonly Relation[];
  readonly #running = new Set<Promise<unknown>>();
  readonly #lookAgain: Look['again'];
  #seen: SeenTables;
  #closed = false;

  constructor(
    config: SnowflakeConfig,
    { seen, again }: Look,
    holder: SessionHolder,
    relations: readonly Relation[] = [],
  ) {
    this.#config = config;
    this.#seen = seen;
    this.#lookAgain = again;
    this.#holder = holder;
    this.#relations = relations;
  }

  get fingerprint(): string {
    return this.#seen.summary.fingerprint;
  }

  /** If what counts is unchanged at a later moment, that moment is used, so that time travel does not run out. */
  seenAgain(seen: SeenTables): void {
    this.#seen = seen;
  }

  async summary(): Promise<DataSummary> {
    return this.#seen.summary;
  }

  async rows<Row>(query: Query, rowSchema: z.ZodType<Row>): Promise<Row[]> {
    const { rows } = await this.#run(query, () => new CollectedRows());
    return rows.map((row) => rowSchema.parse(row));
  }

  async columns(query: Query): Promise<ColumnTable> {
    const order = query.isLarge === true ? finalOrder(textOf(query)) : undefined;
    if (order !== undefined && this.#seen.summary.customers >= this.#config.bulkFrom) {
      return this.#pull(query, order);
    }
    return (await this.#run(query, () => new CollectedColumns())).finished();
  }

  /** Values are bound where the result becomes a table of the session; what is unloaded is that table. */
  async #pull({ signal, ...statement }: Query, order: readonly string[]): Promise<ColumnTable> {
    return this.#tracked(signal, async (open) => {
      await this.#makeRelations(open, signal);
      const name = `churn_mcp_pull_${randomBytes(6).toString('hex')}`;
      await this.#create(open, { ...statement, name }, signal);
      // Cleaning up continues even if the call was cancelled.
      const send = (text: string, sink: RowSink) => {
        const given = text.startsWith('remove') ? undefined : signal;
        return this.#send(open, { text, values: [] }, { sink, signal: given, about: 'pull' });
      };
      try {
        return await pullTable(name, order, send, signal);
      } finally {
        await send(`drop table if exists ${name}`, new CollectedRows()).catch(() => undefined);
      }
    });
  }

  async withRelations(relations: readonly Relation[], signal?: AbortSignal): Promise<DataSource> {
    const wrong = relations.find(({ name }) => !RELATION_NAME.test(name));
    if (wrong !== undefined) throw new ChurnMcpError('INTERNAL', `"${wrong.name}" is no name of a relation.`);
    const all = [...this.#relations, ...relations];
    const derived = new SnowflakeDataSource(
      this.#config,
      { seen: this.#seen, again: this.#lookAgain },
      new SessionHolder(this.#config),
      all,
    );
    try {
      await derived.#inSession(signal, (open) => derived.#makeRelations(open, signal));
      return derived;
    } catch (error) {
      await derived[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#running);
    await this.#holder.close();
  }

  #run<Sink extends RowSink>(query: Query, newSink: () => Sink): Promise<Sink> {
    const { signal } = query;
    return this.#tracked(signal, async (open) => {
      await this.#makeRelations(open, signal);
      const sink = newSink();
      await this.#send(open, query, { sink, signal });
      return sink;
    });
  }

  /** Running work, for which closing the source waits. */
  async #tracked<Result>(
    signal: AbortSignal | undefined,
    work: (open: OpenSession) => Promise<Result>,
  ): Promise<Result> {
    if (this.#closed) throw new ChurnMcpError('INTERNAL', 'The data source is already closed.');
    const result = this.#inSession(signal, work);
    this.#running.add(result);
    try {
      return await result;
    } finally {
      this.#running.delete(result);
    }
  }

  /**
   * A session may end between two calls, a table that is rebuilt loses its past, and a dynamic table may not be readable. Then the
   * work is done once more: in another session, as of a later moment if the tables hold the same then, or without dynamic tables.
   */
  async #inSession<Result>(
    signal: AbortSignal | undefined,
    work: (open: OpenSession) => Promise<Result>,
  ): Promise<Result> {
    throwIfAborted(signal);
    const open = await this.#holder.get(signal);
    try {
      return await work(open);
    } catch (error) {
      if (isSessionEnded(error)) await this.#holder.forget(open);
      else if (isPastLost(error)) await this.#moveOn(error);
      else if (this.#seen.served.size > 0 && isRefusal(error)) this.#seen = computed(this.#seen);
      else throw error;
    }
    return work(await this.#holder.get(signal));
  }

  /** @throws the error if the tables have changed: an answer must not mix two states */
  async #moveOn(error: unknown): Promise<void> {
    const seen = await this.#lookAgain();
    if (seen.summary.fingerprint !== this.fingerprint) throw error;
    this.#seen = computed(seen);
  }

  async #makeRelations(open: OpenSession, signal: AbortSignal | undefined): Promise<void> {
    for (const relation of this.#relations) await this.#makeTable(open, relation, signal);
  }

  async #makeServingTable(open: OpenSession, table: string, signal: AbortSignal | undefined): Promise<void> {
    const name = temporaryName(table);
    const definition = servingTable(table);
    const { summary } = this.#seen;
    const values = servingValues(definition, summary.lastOrderDate, summary);
    await this.#makeTable(open, { name, file: definition.file, values }, signal);
  }

  /** Made once per session; calls that come meanwhile wait for it. */
  #makeTable(open: OpenSession, relation: Relation, signal: AbortSignal | undefined): Promise<void> {
    const { tables } = open;
    return waitUnlessOthersGaveUp(signal, () => {
      const known = tables.get(relation.name);
      if (known !== undefined) return known;
      const making = this.#create(open, relation, signal);
      tables.set(relation.name, making);
      making.catch(() => tables.delete(relation.name));
      return making;
    });
  }

  async #create(open: OpenSession, relation: Relation, signal: AbortSignal | undefined): Promise<void> {
    const { name, values } = relation;
    const text = `create or replace temporary table ${name} as\n${textOf(relation)}`;
    await this.#send(open, { text, values }, { sink: new CollectedRows(), signal, about: name });
  }

  /** Sends a statement, after the serving tables that it reads have been made. */
  async #send(
    open: OpenSession,
    statement: Statement,
    { sink, signal, about = 'file' in statement ? statement.file : 'composed' }: Sending,
  ): Promise<void> {
    const { tables, timeTravel } = this.#config;
    const asSeenBy = timeTravel ? this.#seen.seenBy : undefined;
    const { counted, served } = this.#seen;
    const names = { tables, asSeenBy, counted, served };
    const { text, servingTables } = inSnowflake(textOf(statement), names);
    for (const table of servingTables) await this.#makeServingTable(open, table, signal);
    const { values } = statement;
    await open.session.run({ text, values, tag: `churn-mcp ${about}`, signal }, sink);
  }
}

/** The same state, whose serving tables are all computed here. */
function computed(seen: SeenTables): SeenTables {
  return { ...seen, served: new Map() };
}

interface Sending {
  readonly sink: RowSink;
  readonly signal: AbortSignal | undefined;
  /** The tag of the statement in the account's history; by default its file. */
  readonly about?: string;
}
