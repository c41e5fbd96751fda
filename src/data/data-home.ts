import { access } from 'node:fs/promises';
import { ChurnMcpError } from '../errors.ts';
import { sharedCall } from '../shared-call.ts';
import type { DataSource, DataSourceProvider } from './data-source.ts';
import { DuckDBDataSource } from './duckdb/duckdb-data-source.ts';
import { readTableSummary } from './feature-table/feature-table-home.ts';
import { homeLayout, readPointer } from './home-layout.ts';
import { RetiredSources } from './retired-sources.ts';
import { SNAPSHOT_FORMAT } from './snapshot-format.ts';

/** Attempts to open: between our two reads an import may replace the snapshot and the next one remove it. */
const MAX_ATTEMPTS = 5;

/** The data of a home folder as a long-lived server sees it: each call finds the latest import. */
export function openDataHome(home: string): DataSourceProvider {
  return new DataHome(home);
}

class DataHome implements DataSourceProvider {
  readonly #home: string;
  #current: { id: string; source: DuckDBDataSource } | undefined;
  readonly #retired = new RetiredSources();
  /** One opening at a time: simultaneous calls share the instance. */
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
    if (this.#current !== undefined) this.#retired.add(this.#current.source);
    this.#current = undefined;
    await this.#retired[Symbol.asyncDispose]();
  }

  async #open(): Promise<DataSource> {
    for (let attempt = 1; ; attempt++) {
      const id = await this.#currentId();
      if (this.#current?.id === id) return this.#current.source;
      try {
        const source = await this.#openSnapshot(id);
        if (this.#current !== undefined) this.#retired.add(this.#current.source);
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
      throw new ChurnMcpError('NO_DATA', 'Another version of churn-mcp imported the data.', {
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
}

/** If only a table of customers was imported, the hint names the tools that use it. */
async function noOrders(home: string): Promise<ChurnMcpError> {
  if ((await readTableSummary(home)) === undefined) {
    return new ChurnMcpError('NO_DATA', 'No orders have been imported yet.', {
      hint: 'In chat: import_data imports a shop from files or pasted rows, make_demo_shop makes one to try. At a terminal: churn-mcp import --orders FILE, or churn-mcp demo.',
    });
  }
  return new ChurnMcpError('NO_DATA', 'No orders have been imported, only a table of customers.', {
    hint: 'For the table, use train_churn_model and get_churn_metrics with label "column", and churn-mcp score --model customer_churn_column --out FILE. To add orders: churn-mcp import --orders FILE.',
  });
}
