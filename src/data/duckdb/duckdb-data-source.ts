import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { inSpan } from '../../tracing.ts';
import type {
  ColumnTable,
  DataSource,
  DataSummary,
  Query,
  Relation,
  RelationOptions,
} from '../data-source.ts';
import { textOf } from '../load-sql.ts';
import { snapshotCorrupt } from '../snapshot-corrupt.ts';
import { dataSummarySchema } from '../snapshot-summary.ts';
import { columnTableOf, plainValue } from './column-reader.ts';
import { type DerivedTable, DerivedTables, viewOf } from './derived-tables.ts';
import {
  type DuckDBInstance,
  type EngineOptions,
  interruptible,
  openEngine,
  sparingMemoryBytes,
  withConnection,
} from './duckdb-engine.ts';
import { readError } from './duckdb-errors.ts';
import { LookupEngine } from './lookup-engine.ts';
import { type QueryResult, readToEnd } from './query-result.ts';

/** Most rows to return as objects. A caller that needs more should ask for columns. */
const MAX_ROWS = 100_000;

/** One immutable snapshot file, opened read-only. Queries may run side by side; each has its own connection. */
export class DuckDBDataSource implements DataSource {
  readonly #instance: DuckDBInstance;
  /** If set, all queries share this connection, because its views name the relations. */
  readonly #own: DuckDBConnection | undefined;
  readonly #derivedTables: DerivedTables;
  /** The relations of the sources that this one is derived from. */
  readonly #inherited: readonly DerivedTable[];
  readonly #made: DerivedTable[] = [];
  readonly #opening: Opening | undefined;
  /** Opened at the first lookup. */
  #lookups: Promise<LookupEngine | undefined> | undefined;
  /** What was opened for this source and those that are derived from it. */
  #base: SharedBase | undefined;
  readonly #running = new Set<Promise<unknown>>();
  #summary: Promise<DataSummary> | undefined;
  #closed = false;

  private constructor(
    instance: DuckDBInstance,
    readonly madeAt: Date | undefined,
    how: Derived | Opening,
  ) {
    this.#instance = instance;
    this.#own = 'own' in how ? how.own : undefined;
    this.#derivedTables = 'own' in how ? how.tables : new DerivedTables(instance);
    this.#inherited = 'own' in how ? how.inherited : [];
    this.#opening = 'own' in how ? undefined : how;
  }

  /** @throws SNAPSHOT_CORRUPT where the file is missing or no snapshot. */
  static async open(file: string, spillIn: string, madeAt?: Date): Promise<DuckDBDataSource> {
    try {
      return new DuckDBDataSource(await openEngine(file, { readOnly: true, spillIn }), madeAt, {
        lookups: () => LookupEngine.open(file, spillIn),
        another: (options) => openEngine(file, { ...options, readOnly: true, spillIn }),
      });
    } catch (error) {
      throw snapshotCorrupt('The imported data cannot be read.', error);
    }
  }

  summary(): Promise<DataSummary> {
    this.#summary ??= this.#readSummary();
    return this.#summary;
  }

  async rows<Row>(query: Query, rowSchema: z.ZodType<Row>): Promise<Row[]> {
    const { names, chunks } = await this.#run(query);
    const rows: Row[] = [];
    for (const chunk of chunks) {
      const vectors = names.map((_, column) => chunk.getColumnVector(column));
      if (rows.length + chunk.rowCount > MAX_ROWS) {
        throw new ChurnMcpError('INTERNAL', 'A result is too big to be read as rows.');
      }
      for (let item = 0; item < chunk.rowCount; item++) {
        const entries = vectors.map((vector, column) => [names[column], plainValue(vector.getItem(item))]);
        rows.push(rowSchema.parse(Object.fromEntries(entries)));
      }
    }
    return rows;
  }

  async columns(query: Query): Promise<ColumnTable> {
    const { names, chunks } = await this.#run(query);
    return columnTableOf(names, chunks);
  }

  async withRelations(
    relations: readonly Relation[],
    signal?: AbortSignal,
    options: RelationOptions = {},
  ): Promise<DataSource> {
    const base = await this.#openBase(options);
    if (base === undefined) return this.#derive(relations, signal);
    try {
      const derived = await base.#derive(relations, signal);
      derived.#base = { source: base, users: 1 };
      return derived;
    } catch (error) {
      await base[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The same file in an engine of its own, if the relations want one. */
  async #openBase({ areForSeveral, areHuge }: RelationOptions): Promise<DuckDBDataSource | undefined> {
    const opening = this.#opening;
    if (opening === undefined || !(areForSeveral || areHuge)) return undefined;
    const threads = areForSeveral ? 1 : undefined;
    const mostMemoryBytes = areHuge ? sparingMemoryBytes() : undefined;
    const engine = await unlessGone(() => opening.another({ threads, mostMemoryBytes }));
    return engine && new DuckDBDataSource(engine, this.madeAt, opening);
  }

  async #derive(relations: readonly Relation[], signal: AbortSignal | undefined): Promise<DuckDBDataSource> {
    const derived = new DuckDBDataSource(this.#instance, this.madeAt, {
      own: await this.#instance.connect(),
      tables: this.#derivedTables,
      inherited: [...this.#inherited, ...this.#made],
    });
    if (this.#base) this.#base.users++;
    derived.#base = this.#base;
    try {
      for (const inherited of derived.#inherited) await derived.#run({ text: viewOf(inherited), values: [] });
      for (const relation of relations) await derived.#make(relation, signal);
    } catch (error) {
      await derived[Symbol.asyncDispose]();
      throw error;
    }
    return derived;
  }

  /** Waits for running queries, then closes the file; a derived source only removes its own relations. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#running);
    try {
      if (this.#own) await this.#drop(this.#own);
      else this.#instance.closeSync();
      (await this.#lookups)?.closeSync();
    } finally {
      if (this.#base && --this.#base.users === 0) await this.#base.source[Symbol.asyncDispose]();
    }
  }

  async #make(relation: Relation, signal: AbortSignal | undefined): Promise<void> {
    const made = await this.#derivedTables.nameFor(relation);
    const text = `create table ${made.table} as ${textOf(relation)}`;
    await this.#run({ text, values: relation.values, signal });
    this.#made.push(made);
    await this.#run({ text: viewOf(made), values: [] });
  }

  async #drop(own: DuckDBConnection): Promise<void> {
    try {
      for (const { table } of this.#made) await own.run(`drop table ${table}`);
    } finally {
      own.closeSync();
    }
  }

  async #readSummary(): Promise<DataSummary> {
    const query = { file: 'duckdb/snapshot/read_summary', values: [] } as const;
    const [row] = await this.rows(query, z.object({ summary: z.string() }));
    return dataSummarySchema.parse(JSON.parse(row?.summary ?? 'null'));
  }

  async #takeTurn(connection: DuckDBConnection, query: Query) {
    await Promise.allSettled(this.#running);
    return interruptible(connection, query.signal, () => fetchAll(connection, query));
  }

  async #lookUp(query: Query): Promise<QueryResult> {
    this.#lookups ??= unlessGone(this.#opening?.lookups);
    return (await this.#lookups)?.fetch(query) ?? this.#fetch(query);
  }

  #fetch(query: Query): Promise<QueryResult> {
    return withConnection(this.#instance, query.signal, async (connection) => {
      for (const table of [...this.#inherited, ...this.#made]) await connection.run(viewOf(table));
      throwIfAborted(query.signal);
      return fetchAll(connection, query);
    });
  }

  async #run(query: Query): Promise<QueryResult> {
    throwIfAborted(query.signal);
    if (this.#closed) throw new ChurnMcpError('INTERNAL', 'The data source is already closed.');
    const result =
      this.#own && !query.isOneOfSeveral
        ? this.#takeTurn(this.#own, query)
        : query.lookup
          ? this.#lookUp(query)
          : this.#fetch(query);
    this.#running.add(result);
    const summary = 'file' in query ? query.file : 'statement';
    const attributes = { 'db.system.name': 'duckdb', 'db.query.summary': summary };
    try {
      return await inSpan({ name: summary, kind: 'client', attributes }, () => result);
    } catch (error) {
      throw readError(error, query.signal);
    } finally {
      this.#running.delete(result);
    }
  }
}

/** Closed with the last source that reads it. */
interface SharedBase {
  readonly source: DataSource;
  users: number;
}

/** How more engines for the same file are opened. */
interface Opening {
  readonly lookups: () => Promise<LookupEngine>;
  readonly another: (options: Pick<EngineOptions, 'threads' | 'mostMemoryBytes'>) => Promise<DuckDBInstance>;
}

/** The file is gone if two imports have replaced it since it was opened. */
async function unlessGone<Opened>(open: (() => Promise<Opened>) | undefined): Promise<Opened | undefined> {
  return await open?.().catch(() => undefined);
}

/** What a derived source has of the one that it is derived from, and the connection of its own. */
interface Derived {
  readonly own: DuckDBConnection;
  readonly tables: DerivedTables;
  readonly inherited: readonly DerivedTable[];
}

async function fetchAll(connection: DuckDBConnection, query: Query): Promise<QueryResult> {
  return readToEnd(await connection.stream(textOf(query), [...query.values]), query.signal);
}
