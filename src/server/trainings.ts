/** The trainings of a home folder. They run one after the other, and each reads the data that is current at its turn. */
import type { DataSourceProvider } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import type { BoosterTrainer } from '../gbdt/booster.ts';
import type { CallOptions, TrainOptions } from '../mcp/tool-context.ts';
import { CHURN_LABELS } from '../registry/churn-labels.ts';
import type { RegisteredModel } from '../registry/model-card.ts';
import { CHAMPION, type ModelRegistry } from '../registry/model-registry.ts';
import type { RayOptions } from '../training/backend/ray/ray-job.ts';
import type { ImportModelRequest } from '../training/import-request.ts';
import type { TrainingEnvironment } from '../training/training-environment.ts';
import type {
  TrainChurnRequest,
  TrainColumnRequest,
  TrainingKind,
  TrainingOutcome,
  TrainingRequest,
  TrainingRequests,
  TrainRecommendationRequest,
  TrainUpliftRequest,
} from '../training/training-request.ts';

/** Models that a question about customers trains if they are missing. */
export type TrainableByDefault =
  | 'customer_churn_forecast'
  | 'customer_churn_column'
  | 'product_recommendation';

export interface Trainings {
  churn(
    request: TrainChurnRequest | TrainColumnRequest,
    options: TrainOptions & Pick<TrainingEnvironment, 'beforePromotion'>,
  ): Promise<TrainingOutcome>;
  recommendations(request: TrainRecommendationRequest, options: TrainOptions): Promise<TrainingOutcome>;
  uplift(request: TrainUpliftRequest, options: TrainOptions): Promise<TrainingOutcome>;
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
      inTurn(parts, CHURN_LABELS[request.label].model, options, () =>
        train(parts, { kind: request.label, request }, options),
      ),
    recommendations: (request, options) =>
      inTurn(parts, 'product_recommendation', options, () =>
        train(parts, { kind: 'purchase', request }, options),
      ),
    uplift: (request, options) =>
      inTurn(parts, 'campaign_uplift', options, () => train(parts, { kind: 'uplift', request }, options)),
    importModel: (request, options) =>
      inTurn(parts, request.model, options, () => train(parts, { kind: 'imported', request }, options)),
    async ensureChampion(model, call) {
      if (call.mayTrain === false) throw mayNotTrain(model);
      // The caller did not ask for a training: the call waits, and uses a model that another call trains meanwhile.
      return inTurn(parts, model, { ...call, wait: true }, async () => {
        if ((await registry.resolveAlias(model, CHAMPION)) !== undefined) return false;
        await train(parts, DEFAULT_TRAININGS[model], call);
        return true;
      });
    },
  };
}

const DEFAULT_TRAININGS = {
  customer_churn_forecast: { kind: 'forward', request: { label: 'forward' } },
  customer_churn_column: { kind: 'column', request: { label: 'column' } },
  product_recommendation: { kind: 'purchase', request: {} },
} as const satisfies Record<TrainableByDefault, { kind: TrainingKind; request: TrainingRequest }>;

function mayNotTrain(model: RegisteredModel): ChurnMcpError {
  return new ChurnMcpError('FORBIDDEN', `${model} has not been trained yet, and this caller may not train.`, {
    hint: 'A person whose token has the scope churn:train can train it. If the server only reads (CHURN_MCP_READ_ONLY), run "churn-mcp train".',
  });
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

async function train<Kind extends TrainingKind>(
  parts: Parts,
  asked: { readonly kind: Kind; readonly request: TrainingRequests[Kind] },
  call: CallOptions & Pick<TrainingEnvironment, 'beforePromotion'>,
): Promise<TrainingOutcome> {
  const { train: run } = await import('../training/tasks/index.ts');
  return run(asked, parts, await environmentOf(parts, asked.request, call));
}

async function environmentOf(
  { registry, trainer, ray, now }: Parts,
  request: TrainingRequest,
  { signal, onProgress, beforePromotion }: CallOptions & Pick<TrainingEnvironment, 'beforePromotion'>,
): Promise<TrainingEnvironment> {
  const env = { registry, trainer, now, signal, onProgress, beforePromotion };
  // A model that was trained elsewhere has no parameters of ours.
  if ('file' in request) return env;
  return {
    ...env,
    ...(request.engine === 'ray' && { trainer: await rayTrainer(ray, request.numWorkers) }),
    request: {
      params: request.params ?? {},
      is_tuned: 'tune' in request && request.tune !== undefined,
      engine: request.engine ?? 'local',
    },
  };
}

async function rayTrainer(
  ray: RayOptions | undefined,
  numWorkers: number | undefined,
): Promise<BoosterTrainer> {
  if (ray === undefined) {
    throw new ChurnMcpError('RAY_UNREACHABLE', 'No Ray cluster is configured.', {
      hint: 'Set CHURN_MCP_RAY_ADDRESS to the address of the head node’s dashboard, such as http://127.0.0.1:8265; or leave out engine.',
    });
  }
  const { createRayTrainer } = await import('../training/backend/ray/ray-trainer.ts');
  return createRayTrainer({ ...ray, ...(numWorkers !== undefined && { workers: numWorkers }) });
}
