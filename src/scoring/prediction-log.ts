/**
 * What a forecast said, kept until the outcome is known: one file a version and day, `predictions/MODEL/VERSION/DAY.parquet`
 * in the home folder, written once and never changed.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id } from '../data/data-source.ts';
import { ChunkedColumnTable } from '../data/duckdb/column-reader.ts';
import { openEngine, withConnection } from '../data/duckdb/duckdb-engine.ts';
import { writeTable } from '../data/table-file.ts';
import { makeFolder } from '../files/folders.ts';
import type { RegisteredModel } from '../registry/model-card.ts';

export interface Predictions {
  readonly asOf: string;
  readonly customerIds: readonly Id[];
  readonly probabilities: Float32Array;
}

interface VersionName {
  readonly model: RegisteredModel;
  readonly version: string;
}

/** Days kept of a version; the oldest go first. */
const MOST_DAYS = 400;
const FILE_NAME = /^(\d{4}-\d{2}-\d{2})\.parquet$/;
/** An answer goes out before its predictions are written. */
const PATIENCE_MS = 200;

export class PredictionLog implements AsyncDisposable {
  readonly #folder: string;
  readonly #waiting = new Map<string, () => Promise<void>>();
  #writing: Promise<void> = Promise.resolve();

  constructor(home: string) {
    this.#folder = join(home, 'predictions');
  }

  /** Keeps predictions soon, unless those of the version and day are there; that they cannot be kept fails nothing. */
  record(name: VersionName, { asOf, customerIds, probabilities }: Predictions): void {
    const folder = this.#folderOf(name);
    const file = join(folder, `${asOf}.parquet`);
    if (this.#waiting.has(file) || existsSync(file)) return;
    this.#waiting.set(file, async () => {
      await makeFolder(folder);
      const columns = [
        { name: 'customer_id', values: customerIds },
        { name: 'churn_probability', values: probabilities },
      ];
      await writeTable({ columns }, file);
      await dropOldest(folder);
    });
    setTimeout(() => this.#flush(), PATIENCE_MS).unref();
  }

  /** Days that a version's predictions were kept of, newest first. */
  async days(name: VersionName): Promise<string[]> {
    return (await daysIn(this.#folderOf(name))).reverse();
  }

  async read(name: VersionName, asOf: string, signal?: AbortSignal): Promise<Predictions> {
    const folder = this.#folderOf(name);
    const instance = await openEngine(':memory:', { readOnly: false, spillIn: folder });
    try {
      return await withConnection(instance, signal, async (connection) => {
        const result = await connection.run('select * from read_parquet(?)', [
          join(folder, `${asOf}.parquet`),
        ]);
        const table = new ChunkedColumnTable(result.columnNames(), await result.fetchAllChunks());
        return {
          asOf,
          customerIds: table.ids('customer_id'),
          probabilities: table.float32('churn_probability'),
        };
      });
    } finally {
      instance.closeSync();
    }
  }

  /** Writes what still waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    const tasks = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const task of tasks) this.#writing = this.#writing.then(task).catch(() => undefined);
  }

  #folderOf({ model, version }: VersionName): string {
    return join(this.#folder, model, version);
  }
}

async function daysIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []).sort();
}

async function dropOldest(folder: string): Promise<void> {
  const days = await daysIn(folder);
  for (const day of days.slice(0, -MOST_DAYS)) await rm(join(folder, `${day}.parquet`), { force: true });
}
