/** Trains boosters on a Ray cluster: each as a job, whose result is an ensemble like any other; many to be compared as one. */
import type { BoosterRequest, BoosterResult, BoosterTrainer } from '../../../gbdt/booster.ts';
import { assertTrainable } from '../../../gbdt/booster-request.ts';
import { featureImportanceOf } from '../../../gbdt/feature-importance.ts';
import { convertXgboost } from '../../../xgboost/convert-xgboost.ts';
import { readUbjson } from '../../../xgboost/read-ubjson.ts';
import { parseXgboostModel } from '../../../xgboost/xgboost-model.ts';
import { createBoosterTrainer } from '../booster-pool.ts';
import { type RayOptions, runRayJob, xgboostParams } from './ray-job.ts';
import { searchOnRay } from './ray-search.ts';

const CHECKPOINT_EVERY = 25;

/** Library versions reported by the last job, for the model's card. */
type Libraries = Record<string, string>;

export function createRayTrainer(options: RayOptions): BoosterTrainer {
  let libraries: Libraries = {};
  const keep = (found: Libraries) => {
    libraries = found;
  };
  // A cluster shares rows out without regard to lists, and lists to rank are few: this machine learns from them.
  const local = createBoosterTrainer();
  return {
    train: (request) =>
      request.listStarts === undefined ? trainOnRay(request, options, keep) : local.train(request),
    trainEach: (requests, each = {}) => searchOnRay(requests, each, options),
    libraries: () => libraries,
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  };
}

async function trainOnRay(
  request: BoosterRequest,
  options: RayOptions,
  keep: (libraries: Libraries) => void,
): Promise<BoosterResult> {
  const { signal, params, train, validation, onTree } = request;
  assertTrainable(request);
  let latest = 0;
  const output = await runRayJob(
    {
      script: 'train_booster.py',
      train,
      validation,
      signal,
      request: {
        params: xgboostParams(params),
        rounds: params.n_estimators,
        early_stopping_rounds: params.early_stopping_rounds > 0 ? params.early_stopping_rounds : null,
        checkpoint_every: CHECKPOINT_EVERY,
      },
      onMessage(said) {
        if (said.kind === 'versions') keep({ ray: said.ray, xgboost: said.xgboost });
        // Messages of a worker may come twice, and again after a lost worker restarts from a checkpoint.
        if (said.kind !== 'round' || said.round <= latest) return;
        latest = said.round;
        onTree?.({
          tree: said.round,
          total: params.n_estimators,
          ...(said.logloss !== undefined && { validationLogLoss: said.logloss }),
          ...(said.auc !== undefined && { validationRocAuc: said.auc }),
        });
      },
    },
    options,
  );
  const { model, validationLogLoss } = output.result();
  const ensemble = convertXgboost(parseXgboostModel(readUbjson(model)), train.featureNames);
  return {
    ensemble,
    bestIteration: ensemble.trees.length,
    validationLogLoss: params.early_stopping_rounds > 0 || validation ? validationLogLoss : [],
    featureImportance: featureImportanceOf(ensemble),
  };
}
