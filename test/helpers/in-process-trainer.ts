import type { LabelledDataset } from '../../src/dataset/feature-matrix.ts';
import { throwIfAborted } from '../../src/errors.ts';
import type { BoosterTrainer } from '../../src/gbdt/booster.ts';
import { longestListOf, startOf } from '../../src/gbdt/booster-request.ts';
import { featureImportanceOf } from '../../src/gbdt/feature-importance.ts';
import { compileKernel } from '../../src/gbdt/kernel-module.ts';
import { sampledFeatureCount } from '../../src/gbdt/sampling.ts';
import { bestIterationOf, trainShard } from '../../src/gbdt/shard-trainer.ts';
import { allocateTrainingMemory, layOutTrainingMemory } from '../../src/gbdt/training-memory.ts';
import { WasmKernel } from '../../src/gbdt/wasm-kernel.ts';

/** The product's learner on the test's own thread, by its plain kernel: the pool's trees, with nothing to build first. */
export function createInProcessTrainer(): BoosterTrainer {
  return {
    async train(request) {
      const { train, validation, listStarts, params, signal, onTree } = request;
      const shape = {
        rowCount: train.rowCount,
        validationRowCount: validation?.rowCount ?? 0,
        featureCount: train.featureNames.length,
        threads: 1,
        maxDepth: params.max_depth,
        isWeighted: train.weights !== undefined,
        featuresPerTree: sampledFeatureCount(train.featureNames.length, params.colsample_bytree),
        longestList: longestListOf(listStarts, train.rowCount),
      };
      const wasmMemory = allocateTrainingMemory(shape);
      const memory = layOutTrainingMemory(shape, wasmMemory);
      const module = await compileKernel();
      const kernel = new WasmKernel({ memory, shape, thread: 0 }, module, wasmMemory);
      const baseScore = startOf(request);
      const task = {
        thread: 0,
        shape,
        params,
        baseScore,
        train: shardOf(train),
        validation: validation ? shardOf(validation) : emptyShard(train),
        listStarts,
      };
      const { trees, validationLogLoss } = trainShard(memory, kernel, task, (tree) => {
        onTree?.({ tree, total: params.n_estimators });
        throwIfAborted(signal);
      });
      const isStopped = params.early_stopping_rounds > 0 && validationLogLoss.length > 0;
      const bestIteration = isStopped ? bestIterationOf(validationLogLoss) + 1 : trees.length;
      const ensemble = { featureNames: train.featureNames, baseScore, trees: trees.slice(0, bestIteration) };
      return {
        ensemble,
        bestIteration,
        validationLogLoss,
        featureImportance: featureImportanceOf(ensemble),
      };
    },
    async trainEach(requests, { isWanted, onDone } = {}) {
      const results = [];
      for (const [index, request] of requests.entries()) {
        const isSkipped = isWanted?.(index) === false;
        results.push(isSkipped ? undefined : await this.train(request));
        if (!isSkipped) onDone?.(index + 1);
      }
      return results;
    },
    async [Symbol.asyncDispose]() {},
  };
}

function shardOf({ columns, labels, weights }: LabelledDataset) {
  return { columns, labels, weights: weights ?? new Float32Array(0) };
}

function emptyShard({ columns }: LabelledDataset) {
  const empty = new Float32Array(0);
  return { columns: columns.map(() => empty), labels: empty, weights: empty };
}
