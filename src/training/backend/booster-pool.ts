/**
 * Trains boosters on a pool of worker threads, off the main thread. The threads share one block of memory and run the
 * same code on rows of their own (`gbdt/shard-trainer.ts`); results do not depend on how many there are.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { Barrier } from '../../gbdt/barrier.ts';
import type { BoosterRequest, BoosterResult, TrainEachOptions, TrainEachResult } from '../../gbdt/booster.ts';
import { assertTrainable, longestListOf, startOf } from '../../gbdt/booster-request.ts';
import { featureImportanceOf } from '../../gbdt/feature-importance.ts';
import { compileKernel } from '../../gbdt/kernel-module.ts';
import { sampledFeatureCount } from '../../gbdt/sampling.ts';
import { bestIterationOf, type ShardData, type ShardResult } from '../../gbdt/shard-trainer.ts';
import {
  allocateTrainingMemory,
  clearTrainingMemory,
  fitsTraining,
  layOutTrainingMemory,
  type TrainingShape,
} from '../../gbdt/training-memory.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { packageRoot } from '../../package-root.ts';
import { SideBySideTrainer, type ThreadPool } from './side-by-side.ts';
import { openReports } from './tree-reports.ts';
import type { WorkerTask } from './worker-task.ts';

const IDLE_TIMEOUT_MS = 5_000;
/**
 * A thread with fewer values than this (20,000 rows of 50 features) waits for the others for as long as it works: a second
 * one took a third more processor time for a forecast of 4,000 customers, and on a busy machine twice as long.
 */
const LEAST_VALUES_PER_THREAD = 1_000_000;

export interface BoosterPoolOptions {
  /** Exactly so many worker threads; by default as many as the machine has cores, and fewer for small data. */
  readonly threads?: number;
  /** Whether the threads let others of the machine go first, as those of a server that answers questions meanwhile. */
  readonly yields?: boolean;
}

/** Under contention a thread then gets about a tenth of the processor. Alone it gets all of it. */
const YIELDING_NICENESS = 10;

export function createBoosterTrainer({ threads, yields }: BoosterPoolOptions = {}): ThreadPool {
  const niceness = yields ? YIELDING_NICENESS : 0;
  if (threads === 1) return new BoosterPool(1, 0, niceness);
  const leastValues = threads === undefined ? LEAST_VALUES_PER_THREAD : 0;
  return new SideBySideTrainer({
    threads: threads ?? availableParallelism(),
    worthOf: (train) => threadsWorth(train, leastValues),
    open: (some) => new BoosterPool(some, leastValues, niceness),
  });
}

/** As many threads as have enough values each. */
function threadsWorth({ rowCount, featureNames }: LabelledDataset, leastValues: number): number {
  if (leastValues === 0) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor((rowCount * featureNames.length) / leastValues));
}

class BoosterPool implements ThreadPool {
  readonly #threads: number;
  readonly #leastValuesPerThread: number;
  readonly #niceness: number;
  /** Compiled once, then instantiated by every thread. */
  #kernel: Promise<WebAssembly.Module> | undefined;
  #pool: Piscina | undefined;
  /** Kept for the next training, and released if none comes. */
  #memory: WebAssembly.Memory | undefined;
  #release: NodeJS.Timeout | undefined;
  /** All threads of a training must run at once, so trainings of a pool take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(threads: number, leastValuesPerThread = 0, niceness = 0) {
    this.#threads = threads;
    this.#leastValuesPerThread = leastValuesPerThread;
    this.#niceness = niceness;
  }

  train(request: BoosterRequest): Promise<BoosterResult> {
    return this.#inTurn(() => this.#train(request));
  }

  regress(train: LabelledDataset): Promise<TreeEnsemble> {
    return this.#inTurn(async (): Promise<TreeEnsemble> => {
      try {
        return await this.#startPool().run(train, { name: 'regress' });
      } catch (error) {
        throw workerLost(error);
      }
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async trainEach(
    requests: readonly BoosterRequest[],
    { isWanted, onDone }: TrainEachOptions = {},
  ): Promise<TrainEachResult> {
    const results = requests.map((): BoosterResult | undefined => undefined);
    let [next, done] = [0, 0];
    const workThrough = async () => {
      await using single = new BoosterPool(1);
      while (next < requests.length) {
        const index = next++;
        if (isWanted?.(index) === false) continue;
        results[index] = await single.train(requests[index]);
        onDone?.(++done);
      }
    };
    const workers = Array.from({ length: Math.min(this.#threads, requests.length) }, workThrough);
    const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return results;
  }

  async #train(request: BoosterRequest): Promise<BoosterResult> {
    throwIfAborted(request.signal);
    const shape = this.#shapeOf(request);
    const memory = await this.#memoryFor(shape);
    const kernel = this.#startThreads(shape.threads);
    const laidOut = layOutTrainingMemory(shape, memory);
    const abort = () => Barrier.abort(laidOut.control);
    try {
      assertTrainable(request);
      clearTrainingMemory(laidOut);
      request.signal?.addEventListener('abort', abort, { once: true });
      // Preparing the memory took a while, so check for a cancellation in between.
      throwIfAborted(request.signal);
      const training = { shape, memory, module: await kernel, baseScore: startOf(request) };
      return toBoosterResult(request, training.baseScore, await this.#runThreads(request, training, abort));
    } catch (error) {
      throwIfAborted(request.signal);
      throw error instanceof ChurnMcpError ? error : workerLost(error);
    } finally {
      request.signal?.removeEventListener('abort', abort);
      this.#release = setTimeout(() => {
        this.#memory = undefined;
      }, IDLE_TIMEOUT_MS).unref();
    }
  }

  /** Starts threads and compiles the kernel, which goes on while this thread looks through the rows. */
  #startThreads(threads: number): Promise<WebAssembly.Module> {
    this.#kernel ??= compileKernel();
    const pool = this.#startPool();
    const starts = Array.from({ length: Math.max(0, threads - pool.threads.length) }, () =>
      pool.run(undefined, { name: 'start' }),
    );
    // What fails here fails the training, too, unless its request is refused before.
    void Promise.allSettled([this.#kernel, ...starts]);
    return this.#kernel;
  }

  /**
   * Reuses the memory of the last training if it fits. Otherwise the threads are ended too: references of theirs would keep
   * the old memory resident until their garbage is collected, which may be never.
   */
  async #memoryFor(shape: TrainingShape): Promise<WebAssembly.Memory> {
    clearTimeout(this.#release);
    if (this.#memory && fitsTraining(this.#memory, shape)) return this.#memory;
    await this[Symbol.asyncDispose]();
    this.#memory = allocateTrainingMemory(shape);
    return this.#memory;
  }

  #shapeOf({ train, validation, params, listStarts }: BoosterRequest): TrainingShape {
    return {
      rowCount: train.rowCount,
      validationRowCount: validation?.rowCount ?? 0,
      featureCount: train.featureNames.length,
      threads: Math.min(this.#threads, threadsWorth(train, this.#leastValuesPerThread)),
      maxDepth: params.max_depth,
      isWeighted: train.weights !== undefined,
      featuresPerTree: sampledFeatureCount(train.featureNames.length, params.colsample_bytree),
      longestList: longestListOf(listStarts, train.rowCount),
    };
  }

  /** Runs all threads; when one dies, the others are told to leave before its error is passed on. */
  async #runThreads(
    request: BoosterRequest,
    training: Pick<WorkerTask, 'shape' | 'memory' | 'module' | 'baseScore'>,
    abort: () => void,
  ): Promise<ShardResult> {
    const { train, validation, params, listStarts, onTree } = request;
    const reports = onTree && openReports((message) => onTree({ ...message, total: params.n_estimators }));
    const { shape } = training;
    const task = {
      ...training,
      params,
      listStarts,
      train: toShardData(train),
      validation: validation ? toShardData(validation) : noData(shape.featureCount),
    };
    const pool = this.#startPool();
    const runs = Array.from({ length: shape.threads }, (_, thread) => {
      const progressPort = thread === 0 ? reports?.workerPort : undefined;
      const run: Promise<ShardResult | undefined> = pool.run(
        { ...task, thread, progressPort } satisfies WorkerTask,
        progressPort ? { transferList: [progressPort] } : {},
      );
      return run.catch((error: unknown) => {
        abort();
        throw error;
      });
    });
    try {
      const outcomes = await Promise.allSettled(runs);
      const failure = outcomes.find(isTellingFailure) ?? outcomes.find(({ status }) => status === 'rejected');
      if (failure?.status === 'rejected') throw failure.reason;
      const first = outcomes[0];
      if (first.status !== 'fulfilled' || first.value === undefined)
        throw new Error('thread 0 gave no trees');
      await reports?.allReported;
      return first.value;
    } finally {
      reports?.close();
    }
  }

  #startPool(): Piscina {
    this.#pool ??= new Piscina({
      filename: join(packageRoot(), 'dist', 'training-worker.js'),
      minThreads: 0,
      maxThreads: this.#threads,
      concurrentTasksPerWorker: 1,
      idleTimeout: IDLE_TIMEOUT_MS,
      niceIncrement: this.#niceness,
    });
    return this.#pool;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#release);
    this.#memory = undefined;
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.destroy();
  }
}

function workerLost(cause: unknown): ChurnMcpError {
  return new ChurnMcpError('WORKER_LOST', 'A training thread ended unexpectedly. Nothing was registered.', {
    hint: 'Try again; if it happens again, the machine may be short of memory.',
    cause,
  });
}

/** The failure of a thread itself, not that it left because another had failed. */
function isTellingFailure(outcome: PromiseSettledResult<unknown>): boolean {
  return (
    outcome.status === 'rejected' &&
    !(outcome.reason instanceof Error && outcome.reason.name === 'TrainingAborted')
  );
}

function toShardData({ columns, labels, weights }: LabelledDataset): ShardData {
  return { columns, labels, weights: weights ?? new Float32Array(0) };
}

function noData(featureCount: number): ShardData {
  const empty = new Float32Array(0);
  return { columns: Array.from({ length: featureCount }, () => empty), labels: empty, weights: empty };
}

function toBoosterResult(request: BoosterRequest, baseScore: number, shards: ShardResult): BoosterResult {
  const { params, train } = request;
  const { validationLogLoss } = shards;
  const isStopped = params.early_stopping_rounds > 0 && validationLogLoss.length > 0;
  const trees = isStopped ? shards.trees.slice(0, bestIterationOf(validationLogLoss) + 1) : shards.trees;
  const ensemble = { featureNames: train.featureNames, baseScore, trees };
  return {
    ensemble,
    bestIteration: trees.length,
    validationLogLoss,
    featureImportance: featureImportanceOf(ensemble),
  };
}
