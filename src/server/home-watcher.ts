/** Notices when any process changes the data or the models of a home folder. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { featureTableLayout } from '../data/feature-table/feature-table-layout.ts';
import { homeLayout } from '../data/home-layout.ts';
import { ALIASES_FILE } from '../registry/aliases-file.ts';
import { REGISTERED_MODELS, type RegisteredModel } from '../registry/model-card.ts';
import { REGISTRY_FOLDER } from '../registry/model-registry.ts';

export interface HomeChange {
  readonly data: boolean;
  readonly models: readonly RegisteredModel[];
}

export type HomeListener = (change: HomeChange) => void;

const POLL_MS = 1000;

/**
 * Checks a few files every second while there are listeners. File system events are unreliable for files that are
 * replaced by a rename, most of all on network drives and in containers.
 */
export class HomeWatcher implements Disposable {
  readonly #home: string;
  readonly #listeners = new Set<HomeListener>();
  #timer: NodeJS.Timeout | undefined;
  #seen: Promise<HomeState> | undefined;
  #isLooking = false;

  constructor(home: string) {
    this.#home = home;
  }

  /** Reports every change until the returned function is called. */
  listen(listener: HomeListener): () => void {
    this.#listeners.add(listener);
    if (this.#timer === undefined) {
      this.#seen = readState(this.#home);
      this.#timer = setInterval(() => this.#lookInTurn().catch(() => undefined), POLL_MS).unref();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this[Symbol.dispose]();
    };
  }

  /** Resolves once the home has been looked at, so that every later change is reported. */
  async hasLooked(): Promise<void> {
    await this.#seen;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#listeners.clear();
  }

  /** One look at a time: two that overlap would report a change twice. */
  async #lookInTurn(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#look();
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(): Promise<void> {
    const before = await this.#seen;
    const after = await readState(this.#home);
    this.#seen = Promise.resolve(after);
    const change = {
      data: before?.data !== after.data,
      models: REGISTERED_MODELS.filter((model) => before?.models.get(model) !== after.models.get(model)),
    };
    if (!change.data && change.models.length === 0) return;
    for (const listener of this.#listeners) listener(change);
  }
}

interface HomeState {
  readonly data: string;
  readonly models: ReadonlyMap<RegisteredModel, string>;
}

async function readState(home: string): Promise<HomeState> {
  const models = REGISTERED_MODELS.map(async (model) => {
    const folder = join(home, REGISTRY_FOLDER, model);
    return [model, await stampOf(folder, join(folder, ALIASES_FILE))] as const;
  });
  return {
    data: await stampOf(homeLayout(home).pointer, featureTableLayout(home).pointer),
    models: new Map(await Promise.all(models)),
  };
}

/** A text that differs if any of the files was replaced, made or removed. */
async function stampOf(...paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map((path) =>
      stat(path, { bigint: true }).then(
        ({ ino, mtimeNs, size }) => `${ino}/${mtimeNs}/${size}`,
        () => 'none',
      ),
    ),
  );
  return stamps.join(' ');
}
