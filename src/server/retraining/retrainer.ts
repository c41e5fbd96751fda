import { tryLock } from '../../data/duckdb/file-lock.ts';
import { makeFolder } from '../../files/folders.ts';
import type { ModelCard } from '../../registry/model-card.ts';
import { CHAMPION } from '../../registry/model-registry.ts';
import type { CallRunner } from '../call-runner.ts';
import { failureFields } from '../failure.ts';
import type { ServerLog } from '../server-log.ts';
import type { Services } from '../services.ts';
import { driftOf, retrainModel } from './retrain-model.ts';
import { DRIFT_LOOK_MS, hasMoved, type RetrainWhen, timeUntilDue } from './retrain-when.ts';
import {
  type Retrained,
  type RetrainingState,
  readRetraining,
  retrainingLock,
  writeRetraining,
} from './retraining-state.ts';

export interface RetrainerOptions {
  readonly when: RetrainWhen;
  readonly services: Pick<Services, 'home' | 'registry' | 'shop'>;
  /** Trains as a call does. */
  readonly calls: CallRunner;
  readonly log: ServerLog;
  readonly now?: () => Date;
  /** Told of each model of a round. */
  readonly onRetrained?: ((retrained: Retrained) => void) | undefined;
  /** Called once a round is over. */
  readonly onRound?: (() => Promise<void>) | undefined;
}

/** It changes when a campaign ends, and not with each order. */
const LEARNS_FROM_CAMPAIGNS = 'campaign_uplift';
/** A server answers its first questions before it trains. */
const FIRST_LOOK_MS = 2000;
const LONGEST_SLEEP_MS = 60_000;
const SHORTEST_SLEEP_MS = 250;

/** Trains the champions' models again when it is time, in the background. One process of a home does it at a time. */
export class Retrainer implements AsyncDisposable {
  readonly #options: RetrainerOptions;
  readonly #now: () => Date;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #lookedAtDrift = Number.NEGATIVE_INFINITY;

  constructor(options: RetrainerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** Begins to look whether it is time, again and again. */
  start(): this {
    this.#plan(FIRST_LOOK_MS);
    return this;
  }

  /** Stops; a training that runs is cancelled, registers nothing, and is due at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopped.abort();
    await this.#work;
  }

  /**
   * Trains if it is time, and if no other process does it.
   *
   * @returns how long until it is time again
   */
  async look(): Promise<number> {
    const champions = await this.#champions();
    // The first question trains the first version.
    if (champions.length === 0) return LONGEST_SLEEP_MS;
    const wait = await this.#timeUntilDue(champions);
    if (wait > 0) return wait;
    await makeFolder(this.#options.services.home);
    await using lock = await tryLock(retrainingLock(this.#options.services.home));
    // The process that holds it writes down when it began, so the next look knows.
    if (lock === undefined) return LONGEST_SLEEP_MS;
    const since = await this.#timeUntilDue(champions);
    if (since > 0) return since;
    const moved = await this.#moved(champions);
    if (moved.length > 0) await this.#round(moved);
    return await this.#timeUntilDue(champions);
  }

  #plan(inMs: number): void {
    if (this.#stopped.signal.aborted) return;
    const sleep = Math.min(Math.max(inMs, SHORTEST_SLEEP_MS), LONGEST_SLEEP_MS);
    this.#timer = setTimeout(() => {
      this.#work = this.#lookAgain();
    }, sleep);
    this.#timer.unref();
  }

  async #lookAgain(): Promise<void> {
    const wait = await this.look().catch((error: unknown) => {
      if (!this.#stopped.signal.aborted)
        this.#options.log.error('models cannot be trained again', failureFields(error));
      return LONGEST_SLEEP_MS;
    });
    this.#plan(wait);
  }

  async #champions(): Promise<ModelCard[]> {
    const versions = await this.#options.services.registry.list();
    return versions
      .filter(({ aliases, card }) => aliases.includes(CHAMPION) && card.model !== LEARNS_FROM_CAMPAIGNS)
      .map(({ card }) => card);
  }

  async #timeUntilDue(champions: readonly ModelCard[]): Promise<number> {
    const { when, services } = this.#options;
    const state = await readRetraining(services.home);
    const trained = champions.map(({ created_at }) => Date.parse(created_at));
    const now = this.#now();
    const wait = timeUntilDue(when, { state, trainedAt: new Date(Math.min(...trained)), now });
    if (when.kind === 'every') return wait;
    const elapsed = now.getTime() - this.#lookedAtDrift;
    // Less than nothing: the clock was set back, and nobody knows how long ago it was.
    return Math.max(wait, elapsed < 0 ? 0 : DRIFT_LOOK_MS - elapsed);
  }

  /** The models to train: all of them by the clock, or those whose customers have moved. */
  async #moved(champions: readonly ModelCard[]): Promise<ModelCard[]> {
    const { when, services, calls } = this.#options;
    if (when.kind === 'every') return [...champions];
    this.#lookedAtDrift = this.#now().getTime();
    const { summary, table } = await services.shop.describe();
    const moved: ModelCard[] = [];
    for (const card of champions) {
      const isOfTable = card.model === 'customer_churn_column';
      const customersNow = (isOfTable ? table?.rows : summary?.customers) ?? 0;
      const scorePsi = await driftOf(card, calls, this.#stopped.signal);
      if (hasMoved({ scorePsi, customersThen: card.data.customers, customersNow })) moved.push(card);
    }
    return moved;
  }

  async #round(champions: readonly ModelCard[]): Promise<void> {
    const { services, calls, log, onRetrained, onRound } = this.#options;
    const { signal } = this.#stopped;
    const before = await readRetraining(services.home);
    const started = this.#now().toISOString();
    const failures = before?.failures ?? 0;
    const running: RetrainingState = {
      format: 1,
      started_at: started,
      ended_at: null,
      failures: failures + 1,
      models: [],
    };
    await writeRetraining(services.home, running);
    const models: Retrained[] = [];
    for (const { model } of champions) {
      const training = retrainModel(model, { services, calls, signal });
      const retrained = await Promise.race([training, aborted(signal)]);
      // What was cancelled has not happened: the next start trains. It is written down at once, as a process may end soon.
      if (retrained === undefined || signal.aborted) return await writeRetraining(services.home, before);
      models.push(retrained);
      onRetrained?.(retrained);
      const { outcome, ...rest } = retrained;
      if (outcome === 'failed')
        log.error('a model was not trained again', { ...rest, failures: failures + 1 });
      else log.info(SAID[outcome], { ...rest });
    }
    const hasFailed = models.some(({ outcome }) => outcome === 'failed');
    const ended = this.#now().toISOString();
    const done = { ...running, ended_at: ended, failures: hasFailed ? failures + 1 : 0, models };
    await writeRetraining(services.home, done);
    await onRound?.();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

const SAID = {
  promoted: 'a model was trained again, and is the champion',
  'champion stays': 'a model was trained again, and the champion stays',
  unchanged: 'neither the data nor the recipe has changed, so nothing was trained',
} as const;
