import { access } from 'node:fs/promises';
import { ChurnMcpError } from '../errors.ts';
import { sharedCall } from '../shared-call.ts';
import type { DataSource, DataSourceProvider } from './data-source.ts';
import { DuckDBDataSource } from './duckdb/duckdb-data-source.ts';
import { readTableSummary } from './feature-table/feature-table-home.ts';
import { homeLayout, readPointer } from './home-layout.ts';
import { SNAPSHOT_FORMAT } from './snapshot-format.ts';

/** An import may replace the snapshot, and the next one remove it, between our two reads; not many times in a row. */
const MAX_ATTEMPTS = 5;

/** The data of a home folder, as a long-lived server sees it: each call finds what was imported last. */
export function openDataHome(home: string): DataSourceProvider {
  return new DataHome(home);
}

class DataHome implements DataSourceProvider {
  readonly #home: string;
  #current: { id: string; source: DuckDBDataSource } | undefined;
  /**
   * Sources that were current once. Whoever got one may go on using it for as long as it likes, so it is held
   * weakly: unreferenced, the engine closes it with the garbage; else it is closed with the provider.
   */
  readonly #retired = new Set<WeakRef<DuckDBDataSource>>();
  /** One opening at a time: calls that come together share the instance that is opened for the first. */
  readonly #openOnce = sharedCall(() => this.#open());
  #opening: Promise<DataSource> | undefined;

  constructor(home: string) {
    this.#home = home;
  }

  current(): Promise<DataSource> {
    this.#opening = this.#openOnce();
    return this.#opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const retired = [...this.#retired].flatMap((reference) => reference.deref() ?? []);
    const open = this.#current === undefined ? retired : [...retired, this.#current.source];
    this.#current = undefined;
    this.#retired.clear();
    await Promise.all(open.map((source) => source[Symbol.asyncDispose]()));
  }

  async #open(): Promise<DataSource> {
    for (let attempt = 1; ; attempt++) {
      const id = await this.#currentId();
      if (this.#current?.id === id) return this.#current.source;
      try {
        const source = await this.#openSnapshot(id);
        this.#retire();
        this.#current = { id, source };
        return source;
      } catch (error) {
        const replacedMeanwhile = (await this.#currentId()) !== id;
        if (!replacedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #currentId(): Promise<string> {
    const pointer = await readPointer(this.#home);
    if (pointer === undefined) {
      throw await noOrders(this.#home);
    }
    if (pointer.format !== SNAPSHOT_FORMAT) {
      throw new ChurnMcpError('NO_DATA', 'The data was imported by another version of churn-mcp.', {
        hint: 'Import the orders again with: churn-mcp import --orders FILE, or run: churn-mcp demo',
      });
    }
    return pointer.snapshot;
  }

  async #openSnapshot(id: string): Promise<DuckDBDataSource> {
    const { snapshot, data } = homeLayout(this.#home);
    await access(snapshot(id)).catch((cause: unknown) => {
      throw new ChurnMcpError('SNAPSHOT_CORRUPT', 'The imported data is missing from the home folder.', {
        hint: 'Import the orders again with: churn-mcp import --orders FILE',
        cause,
      });
    });
    return DuckDBDataSource.open(snapshot(id), data);
  }

  #retire(): void {
    for (const reference of this.#retired) {
      if (reference.deref() === undefined) this.#retired.delete(reference);
    }
    if (this.#current !== undefined) this.#retired.add(new WeakRef(this.#current.source));
  }
}

/** Whoever has imported a table of customers is told what answers from it, rather than how to begin. */
async function noOrders(home: string): Promise<ChurnMcpError> {
  if ((await readTableSummary(home)) === undefined) {
    return new ChurnMcpError('NO_DATA', 'No orders have been imported yet.', {
      hint: 'Import a shop with: churn-mcp import --orders FILE, or make a demo shop with: churn-mcp demo',
    });
  }
  return new ChurnMcpError('NO_DATA', 'This needs orders, and only a table of customers has been imported.', {
    hint: 'For the table there are train_churn_model and get_churn_metrics with label "column", and churn-mcp score --model customer_churn_column --out FILE. Orders come with churn-mcp import --orders FILE.',
  });
}
