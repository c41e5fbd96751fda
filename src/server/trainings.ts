/** The trainings of a home folder. They run one after the other, and each reads the data that is current at its turn. */
import type { DataSourceProvider } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import type { BoosterTrainer } from '../gbdt/booster.ts';
import type { CallOptions, TrainOptions } from '../mcp/tool-context.ts';
import { MODEL_OF_LABEL, type RegisteredModel } from '../registry/model-card.ts';
import { CHAMPION, type ModelRegistry } from '../registry/model-registry.ts';
import type { RayOptions } from '../training/backend/ray/ray-job.ts';
import type { ImportModelRequest } from '../training/import-request.ts';
import type { TrainingEnvironment } from '../training/training-environment.ts';
import type {
  TrainChurnRequest,
  TrainColumnRequest,
  TrainingEngine,
  TrainingOutcome,
  TrainRecommendationRequest,
} from '../training/training-request.ts';

/** Models that a question about customers trains if they are missing. */
export type TrainableByDefault = 'customer_churn_forecast' | 'product_recommendation';

export interface Trainings {
  churn(request: TrainChurnRequest | TrainColumnRequest, options: TrainOptions): Promise<TrainingOutcome>;
  recommendations(request: TrainRecommendationRequest, options: TrainOptions): Promise<TrainingOutcome>;
  /** Registers a model that was trained elsewhere, after evaluating it like one trained here. */
  importModel(request: ImportModelRequest, options: TrainOptions): Promise<TrainingOutcome>;
  /** Trains a model that has no champion; false if it has one when its turn comes. */
  ensureChampion(model: TrainableByDefault, call: CallOptions): Promise<boolean>;
}

interface Parts {
  readonly home: string;
  readonly data: DataSourceProvider;
  readonly registry: ModelRegistry;
  readonly trainer: BoosterTrainer;
  readonly now: () => Date;
  readonly ray: RayOptions | undefined;
}

export function createTrainings(parts: Parts): Trainings {
  const { registry } = parts;
  return {
    churn: (request, options) =>
      inTurn(parts, MODEL_OF_LABEL[request.label], options, () => trainChurn(parts, request, options)),
    recommendations: (request, options) =>
      inTurn(parts, 'product_recommendation', options, () => trainRecommendations(parts, request, options)),
    importModel: (request, options) =>
      inTurn(parts, request.model, options, () => importModel(parts, request, options)),
    async ensureChampion(model, call) {
      if (call.mayTrain === false) throw mayNotTrain(model);
      // The caller did not ask for a training: the call waits, and uses a model that another call trains meanwhile.
      return inTurn(parts, model, { ...call, wait: true }, async () => {
        if ((await registry.resolveAlias(model, CHAMPION)) !== undefined) return false;
        if (model === 'product_recommendation') await trainRecommendations(parts, {}, call);
        else await trainChurn(parts, { label: 'forward' }, call);
        return true;
      });
    },
  };
}

function mayNotTrain(model: RegisteredModel): ChurnMcpError {
  return new ChurnMcpError(
    'FORBIDDEN',
    `${model} has not been trained yet, and your token does not allow training.`,
    { hint: 'Ask a person whose token has the scope churn:train to train it.' },
  );
}

async function inTurn<Result>(
  { home, now }: Parts,
  model: RegisteredModel,
  { wait = false, signal, onProgress }: TrainOptions,
  train: () => Promise<Result>,
): Promise<Result> {
  const { withTrainingTurn } = await import('../training/training-turn.ts');
  return withTrainingTurn({ home, model, wait, now, signal, onProgress }, train);
}

async function trainChurn(
  parts: Parts,
  request: TrainChurnRequest | TrainColumnRequest,
  call: CallOptions,
): Promise<TrainingOutcome> {
  const env = environmentOf(await withEngine(parts, request), call, request);
  const { runTraining } = await import('../training/run-training.ts');
  if (request.label === 'column') {
    // A model of a customer table needs no orders.
    const { readFeatureTable } = await import('../data/feature-table/feature-table-home.ts');
    const { columnTask } = await import('../training/tasks/column.ts');
    return runTraining(columnTask(request, await readFeatureTable(parts.home, call.signal)), env);
  }
  const { shopTask } = await import('../training/tasks/shop-tasks.ts');
  await using borrowed = await parts.data.borrow();
  return await runTraining(shopTask(request, borrowed.data), env);
}

async function trainRecommendations(
  parts: Parts,
  request: TrainRecommendationRequest,
  call: CallOptions,
): Promise<TrainingOutcome> {
  const env = environmentOf(await withEngine(parts, request), call, request);
  const { runTraining } = await import('../training/run-training.ts');
  const { purchaseTask } = await import('../training/tasks/purchase.ts');
  await using borrowed = await parts.data.borrow();
  return await runTraining(purchaseTask(request, borrowed.data), env);
}

async function importModel(
  parts: Parts,
  request: ImportModelRequest,
  call: CallOptions,
): Promise<TrainingOutcome> {
  const env = environmentOf(parts, call);
  const { runTraining } = await import('../training/run-training.ts');
  const { importedTask } = await import('../training/tasks/imported.ts');
  await using borrowed = await parts.data.borrow();
  return await runTraining(await importedTask(request, borrowed.data, env), env);
}

/** The parts with the requested trainer. */
async function withEngine(parts: Parts, { engine, numWorkers }: TrainingEngine): Promise<Parts> {
  if (engine !== 'ray') return parts;
  const { ray } = parts;
  if (ray === undefined) {
    throw new ChurnMcpError('RAY_UNREACHABLE', 'No Ray cluster is configured.', {
      hint: 'Set CHURN_MCP_RAY_ADDRESS to the address of the head node’s dashboard, such as http://127.0.0.1:8265; or leave out engine.',
    });
  }
  const { createRayTrainer } = await import('../training/backend/ray/ray-trainer.ts');
  return {
    ...parts,
    trainer: createRayTrainer({ ...ray, ...(numWorkers !== undefined && { workers: numWorkers }) }),
  };
}

function environmentOf(
  { registry, trainer, now }: Parts,
  { signal, onProgress }: CallOptions,
  request?: TrainChurnRequest | TrainColumnRequest | TrainRecommendationRequest,
): TrainingEnvironment {
  return {
    registry,
    trainer,
    now,
    signal,
    onProgress,
    request: request && {
      params: request.params ?? {},
      is_tuned: 'tune' in request && request.tune !== undefined,
      engine: request.engine ?? 'local',
    },
  };
}
