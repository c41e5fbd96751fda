/** The parts of the services over one home folder. The first call that needs a slow part imports it. */
import { openDataHome } from '../data/data-home.ts';
import type { BorrowedData, DataSource, DataSourceProvider } from '../data/data-source.ts';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { ChurnMcpError } from '../errors.ts';
import type { BoosterTrainer } from '../gbdt/booster.ts';
import type { CallOptions } from '../mcp/tool-context.ts';
import type { ModelRegistry } from '../registry/model-registry.ts';
import type { PredictionLog } from '../scoring/prediction-log.ts';
import { createLazyRegistry, createLazySnowflake, createLazyTrainer } from './lazy-parts.ts';
import { type OpenedVersion, ScorerCache } from './scorer-cache.ts';
import type { ServicesOptions } from './services.ts';
import { createTrainings, type TrainableByDefault, type Trainings } from './trainings.ts';
import { notingUse } from './used-data.ts';

export interface ServiceParts extends AsyncDisposable {
  readonly home: string;
  readonly data: DataSourceProvider;
  readonly registry: ModelRegistry;
  readonly trainer: BoosterTrainer;
  readonly trainings: Trainings;
  readonly scorers: ScorerCache;
  readonly predictions: () => Promise<PredictionLog>;
  readonly showContacts: boolean;
  readonly importFolders: readonly string[];
  readonly exportFolder: string | undefined;
  readonly segmentThresholds: SegmentThresholds | undefined;
  readonly exportsAreFetched: boolean;
  readonly isInSnowflake: boolean;
  readonly now: () => Date;
}

/** @param pinned the data to answer from, whatever is current */
export function createServiceParts(options: ServicesOptions, pinned?: DataSourceProvider): ServiceParts {
  const {
    home,
    snowflake,
    threads,
    ray,
    showContacts = false,
    importFolders = [],
    exportFolder,
    segmentThresholds,
    exportsAreFetched = false,
    now = () => new Date(),
  } = options;
  const data = notingUse(pinned ?? (snowflake ? createLazySnowflake(snowflake, now) : openDataHome(home)));
  const registry = createLazyRegistry(home, now);
  const trainer = createLazyTrainer(options);
  const scorers = new ScorerCache(home, registry, threads);
  let log: Promise<PredictionLog> | undefined;
  return {
    home,
    data,
    registry,
    trainer,
    trainings: createTrainings({ home, data, registry, trainer, now, ray }),
    scorers,
    predictions: () => (log ??= openPredictionLog(home)),
    showContacts,
    importFolders,
    exportFolder,
    segmentThresholds,
    exportsAreFetched,
    isInSnowflake: snowflake !== undefined,
    now,
    async [Symbol.asyncDispose]() {
      await (await log)?.[Symbol.asyncDispose]();
      await trainer[Symbol.asyncDispose]();
      await scorers[Symbol.asyncDispose]();
      await data[Symbol.asyncDispose]();
    },
  };
}

async function openPredictionLog(home: string): Promise<PredictionLog> {
  const { PredictionLog } = await import('../scoring/prediction-log.ts');
  return new PredictionLog(home);
}

/** Undefined if nothing is imported: a model can be described without the data. */
export async function borrowDataIfAny({ data }: ServiceParts): Promise<BorrowedData | undefined> {
  try {
    return await data.borrow();
  } catch (error) {
    if (error instanceof ChurnMcpError && error.code === 'NO_DATA') return undefined;
    throw error;
  }
}

/** Dispose of it when the call is answered. */
export interface Served extends AsyncDisposable {
  readonly opened: OpenedVersion;
  /** Whether the call trained the model first. */
  readonly trainedNow: boolean;
  /** The data that is current after the training, which may have taken long. */
  readonly data: DataSource;
}

/** Opens the named version or the champion for scoring; trains the model first if it has no champion yet. */
export async function openOrTrain(
  { scorers, trainings, data }: ServiceParts,
  model: TrainableByDefault,
  version: string | undefined,
  call: CallOptions,
): Promise<Served> {
  const wanted = version ?? (await scorers.championOf(model));
  const trainedNow = wanted === undefined && (await trainings.ensureChampion(model, call));
  const opened = await scorers.open(model, wanted);
  const borrowed = await data.borrow();
  return {
    opened,
    trainedNow,
    data: borrowed.data,
    [Symbol.asyncDispose]: () => borrowed[Symbol.asyncDispose](),
  };
}
