import type { DataSource } from '../../src/data/data-source.ts';
import type { DetailFields } from '../../src/registry/card-details.ts';
import type { ModelCard } from '../../src/registry/model-card.ts';
import type { ImportModelRequest } from '../../src/training/import-request.ts';
import { runTraining } from '../../src/training/run-training.ts';
import { importedTask } from '../../src/training/tasks/imported.ts';
import { purchaseTask } from '../../src/training/tasks/purchase.ts';
import { shopTask } from '../../src/training/tasks/shop-tasks.ts';
import type { TrainingEnvironment } from '../../src/training/training-environment.ts';
import type {
  TrainChurnRequest,
  TrainingOutcome,
  TrainRecommendationRequest,
} from '../../src/training/training-request.ts';

/** What a training on a shop's orders needs. */
export interface ShopEnvironment extends TrainingEnvironment {
  readonly data: DataSource;
}

export async function trainChurnModel(
  request: TrainChurnRequest,
  { data, ...env }: ShopEnvironment,
): Promise<TrainingOutcome> {
  return runTraining(shopTask(request, data), env);
}

export async function importChurnModel(
  request: ImportModelRequest,
  { data, ...env }: ShopEnvironment,
): Promise<TrainingOutcome> {
  return runTraining(await importedTask(request, data, env), env);
}

export async function trainRecommendationModel(
  request: TrainRecommendationRequest,
  { data, ...env }: ShopEnvironment,
): Promise<TrainingOutcome> {
  return runTraining(purchaseTask(request, data), env);
}

/** Whichever fields the card's kind has. */
export function fieldsOf({ details }: ModelCard): DetailFields {
  return details;
}
