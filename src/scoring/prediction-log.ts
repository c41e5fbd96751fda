/**
 * Keeps predictions of a forecast until the outcome is known: one file per version and day,
 * `predictions/MODEL/VERSION/DAY.parquet` in the home folder, written once and never changed.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Id } from '../data/data-source.ts';
import { readParquet } from '../data/parquet-file.ts';
import { writeTable } from '../data/table-file.ts';
import { removeWithChecksum, stateOfFile } from '../files/checksum.ts';
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

/** Days kept per version; the oldest are removed first. */
const MOST_DAYS = 400;
export const PREDICTION_FILE_NAME = /^(\d{4}-\d{2}-\d{2})\.parquet$/;
/** An answer goes out before its predictions are written. */
const PATIENCE_MS = 200;

export class PredictionLog implements AsyncDisposable {
  readonly #folder: string;
  readonly #waiting = new Map<string, () => Promise<void>>();
  #writing: Promise<void> = Promise.resolve();

  constructor(home: string) {
    this.#folder = join(home, 'predictions');
  }

  /** Writes predictions soon, unless the version and day already have some. If that fails, the call still succeeds. */
  record(name: VersionName, predictions: Predictions): void {
    const { asOf } = predictions;
    const folder = this.#folderOf(name);
    const file = join(folder, `${asOf}.parquet`);
    if (this.#waiting.has(file) || existsSync(file)) return;
    this.#waiting.set(file, async () => {
      await makeFolder(folder);
      const { customerIds, probabilities } = predictions;
      const columns = [
        { name: 'customer_id', values: customerIds },
        { name: 'churn_probability', values: probabilities },
      ];
      await writeTable({ columns }, file, { withChecksum: true });
      await dropOldest(folder);
    });
    setTimeout(() => this.#flush(), PATIENCE_MS).unref();
  }

  /** Days with kept predictions of a version, newest first. */
  async days(name: VersionName): Promise<string[]> {
    return (await daysIn(this.#folderOf(name))).reverse();
  }

  /** @returns undefined if the file of that day is damaged */
  async read(
    name: VersionName,
    asOf: string,
    signal?: AbortSignal | undefined,
  ): Promise<Predictions | undefined> {
    const file = join(this.#folderOf(name), `${asOf}.parquet`);
    const state = await stateOfFile(file, signal);
    if (state === 'damaged' || state === 'missing') return undefined;
    return readPredictions(file, asOf, signal).catch((error: unknown) => {
      // A file without a checksum can be damaged without anyone knowing before it is read.
      if (state === 'intact' || signal?.aborted) throw error;
      return undefined;
    });
  }

  /** Writes the predictions that still wait. */
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
  return names.flatMap((name) => PREDICTION_FILE_NAME.exec(name)?.[1] ?? []).sort();
}

async function dropOldest(folder: string): Promise<void> {
  const days = await daysIn(folder);
  for (const day of days.slice(0, -MOST_DAYS)) await removeWithChecksum(join(folder, `${day}.parquet`));
}

async function readPredictions(
  file: string,
  asOf: string,
  signal: AbortSignal | undefined,
): Promise<Predictions> {
  const table = await readParquet(file, signal);
  return {
    asOf,
    customerIds: table.ids('customer_id'),
    probabilities: table.float32('churn_probability'),
  };
}

/** Files of kept predictions that do not match their checksum. */
export async function damagedPredictionFiles(home: string, signal: AbortSignal): Promise<string[]> {
  const folder = join(home, 'predictions');
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const damaged: string[] = [];
  for (const name of names.filter((each) => PREDICTION_FILE_NAME.test(basename(each))).sort()) {
    if ((await stateOfFile(join(folder, name), signal)) === 'damaged') damaged.push(join(folder, name));
  }
  return damaged;
}
