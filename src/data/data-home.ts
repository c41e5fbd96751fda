import { access } from 'node:fs/promises';
import { ChurnMcpError } from '../errors.ts';
import { sweepFolder } from '../files/aside.ts';
import { stateOfFile } from '../files/checksum.ts';
import { sweepTemporaryFolders } from '../files/temporary-folder.ts';
import { sharedCall } from '../shared-call.ts';
import type { BorrowedData, DataSource, DataSourceProvider } from './data-source.ts';
import { DuckDBDataSource } from './duckdb/duckdb-data-source.ts';
import { readTableSummary } from './feature-table/feature-table-home.ts';
import { homeLayout, isOfThisVersion, readPointer, timeOfSnapshot } from './home-layout.ts';
import { LentSources } from './lent-sources.ts';
import { snapshotCorrupt } from './snapshot-corrupt.ts';

/** Attempts to open: between our two reads an import may replace the snapshot and the next one remove it. */
const MAX_ATTEMPTS = 5;

/** A command has ended by then; a server has answered its first questions. */
const CHECK_AFTER_MS = 10_000;

/**
 * The data of a home folder as a long-lived server sees it: each call finds the latest import. A snapshot that stays open is
 * compared with its checksum once, in the background; calls fail if it is damaged.
 */
export function openDataHome(
  home: string,
  options: { readonly checkAfterMs?: number } = {},
): DataSourceProvider {
  return new DataHome(home, options.checkAfterMs ?? CHECK_AFTER_MS);
}

class DataHome implements DataSourceProvider {
  readonly #home: string;
  readonly #checkAfterMs: number;
  #currentId: string | undefined;
  #damagedId: string | undefined;
  readonly #closed = new AbortController();
  readonly #sources = new LentSources<DuckDBDataSource>();
  /** One opening at a time: simultaneous calls share the instance. */
  readonly #openOnce = sharedCall(() => this.#open());
  #opening: Promise<DuckDBDataSource> | undefined;

  constructor(home: string, checkAfterMs: number) {
    this.#home = home;
    this.#checkAfterMs = checkAfterMs;
  }

  current(): Promise<DataSource> {
    return this.#sources.keep(() => this.#look());
  }

  borrow(): Promise<BorrowedData> {
    return this.#sources.borrow(() => this.#look());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#opening?.catch(() => undefined);
    this.#currentId = undefined;
    await this.#sources[Symbol.asyncDispose]();
  }

  #look(): Promise<DuckDBDataSource> {
    this.#opening = this.#openOnce();
    return this.#opening;
  }

  async #open(): Promise<DuckDBDataSource> {
    for (let attempt = 1; ; attempt++) {
      const id = await this.#pointedId();
      if (id === this.#damagedId) throw snapshotCorrupt('The imported data is damaged.');
      const { current } = this.#sources;
      if (current !== undefined && this.#currentId === id) return current;
      try {
        const source = await this.#openSnapshot(id);
        this.#sources.replace(source);
        this.#currentId = id;
        setTimeout(() => void this.#check(id), this.#checkAfterMs).unref();
        return source;
      } catch (error) {
        const replacedMeanwhile = (await this.#pointedId()) !== id;
        if (!replacedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #pointedId(): Promise<string> {
    const pointer = await readPointer(this.#home);
    if (pointer === undefined) {
      throw await noOrders(this.#home);
    }
    if (!isOfThisVersion(pointer)) {
      throw new ChurnMcpError('NO_DATA', 'Another version of churn-mcp imported the data.', {
        hint: 'If this is the newer version, bring it up to date with: churn-mcp refresh. If that is refused, import the orders again with: churn-mcp import --orders FILE, or run: churn-mcp demo. Otherwise use the version that imported it.',
      });
    }
    return pointer.snapshot;
  }

  async #openSnapshot(id: string): Promise<DuckDBDataSource> {
    const { snapshot, data } = homeLayout(this.#home);
    await access(snapshot(id)).catch((cause: unknown) => {
      throw snapshotCorrupt('The imported data is missing from the home folder.', cause);
    });
    const source = await DuckDBDataSource.open(snapshot(id), data, timeOfSnapshot(id));
    // What a killed process spilled may be large, and the next import may be far away.
    await sweepFolder(data);
    await sweepTemporaryFolders();
    return source;
  }

  /** The engine checks what it reads; what no question has read yet may be damaged too. */
  async #check(id: string): Promise<void> {
    if (this.#currentId !== id) return;
    const { signal } = this.#closed;
    const state = await stateOfFile(homeLayout(this.#home).snapshot(id), signal).catch(() => undefined);
    if (state === 'damaged') this.#damagedId = id;
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
    hint: 'For the table, use get_at_risk_customers, explain_churn_risk, train_churn_model and get_churn_metrics with label "column". To add orders: import_data, or churn-mcp import --orders FILE at a terminal.',
  });
}
