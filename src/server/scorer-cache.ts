import type { RegisteredModel } from '../registry/model-card.ts';
import { CHAMPION, type ModelRegistry, type RegisteredVersion } from '../registry/model-registry.ts';
import type { KeptProspects } from '../scoring/kept-prospects.ts';
import type { Scorer } from '../scoring/scorer.ts';
import type { ScoringPool } from '../scoring/scoring-pool.ts';
import { sharedCall } from '../shared-call.ts';

/** A registered version with its ONNX file opened. */
export interface OpenedVersion {
  readonly version: RegisteredVersion;
  readonly scorer: Scorer;
  /** Of a forecast: the other models score few customers, or seldom. */
  readonly keptProspects?: KeptProspects | undefined;
}

/** Most open models; the one unused for longest is closed first. */
const MOST_OPEN = 4;

/**
 * Keeps models open between calls. Versions never change, so an open one stays right. Which version is the
 * champion is read anew at each call.
 */
export class ScorerCache implements AsyncDisposable {
  readonly #home: string;
  readonly #registry: ModelRegistry;
  readonly #threads: number | undefined;
  readonly #open = new Map<string, Promise<OpenedVersion>>();
  readonly #champions = new Map<RegisteredModel, () => Promise<string | undefined>>();
  #pool: Promise<ScoringPool> | undefined;

  /** `threads` score large batches; as many as there are cores by default. */
  constructor(home: string, registry: ModelRegistry, threads?: number) {
    this.#home = home;
    this.#registry = registry;
    this.#threads = threads;
  }

  /** The champion's version; simultaneous calls share one read of the aliases. */
  championOf(model: RegisteredModel): Promise<string | undefined> {
    const known = this.#champions.get(model);
    const read = known ?? sharedCall(() => this.#registry.resolveAlias(model, CHAMPION));
    if (known === undefined) this.#champions.set(model, read);
    return read();
  }

  async open(model: RegisteredModel, version?: string): Promise<OpenedVersion> {
    const wanted = version ?? (await this.championOf(model));
    const key = `${model}/${wanted ?? ''}`;
    const opened = this.#open.get(key) ?? this.#load(model, wanted);
    // The last entry of the map is the one used last.
    this.#open.delete(key);
    this.#open.set(key, opened);
    try {
      return await opened;
    } catch (error) {
      this.#open.delete(key);
      throw error;
    } finally {
      this.#dropOldest();
    }
  }

  async #load(model: RegisteredModel, wanted: string | undefined): Promise<OpenedVersion> {
    const { createScorer } = await import('../scoring/onnx-scorer.ts');
    const version = await this.#registry.load(model, wanted);
    this.#pool ??= import('../scoring/scoring-pool.ts').then(
      ({ ScoringPool }) => new ScoringPool(this.#threads),
    );
    const pool = await this.#pool;
    const scorer = pool.widen(await createScorer(version.onnx));
    return { version, scorer, keptProspects: await this.#keptProspectsOf(model, version.card.version) };
  }

  async #keptProspectsOf(model: RegisteredModel, version: string): Promise<KeptProspects | undefined> {
    if (model !== 'customer_churn_forecast') return undefined;
    const { keptProspectsOf } = await import('../scoring/kept-prospects.ts');
    return keptProspectsOf(this.#home, version, async () => (await this.championOf(model)) === version);
  }

  /** A call may still score with a dropped model, so it is released with its last reference. */
  #dropOldest(): void {
    for (const key of this.#open.keys()) {
      if (this.#open.size <= MOST_OPEN) return;
      this.#open.delete(key);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await (await this.#pool)?.[Symbol.asyncDispose]();
  }
}
