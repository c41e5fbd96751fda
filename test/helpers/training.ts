import type { DataSource } from '../../src/data/data-source.ts';
import type { DetailFields } from '../../src/registry/card-details.ts';
import type { ModelCard } from '../../src/registry/model-card.ts';
import type { ImportModelRequest } from '../../src/training/import-request.ts';
import { type TrainingSources, train } from '../../src/training/tasks/index.ts';
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
  return train({ kind: request.label, request }, ordersIn(data), env);
}

export async function importChurnModel(
  request: ImportModelRequest,
  { data, ...env }: ShopEnvironment,
): Promise<TrainingOutcome> {
  return train({ kind: 'imported', request }, ordersIn(data), env);
}

export async function trainRecommendationModel(
  request: TrainRecommendationRequest,
  { data, ...env }: ShopEnvironment,
): Promise<TrainingOutcome> {
  return train({ kind: 'purchase', request }, ordersIn(data), env);
}

/** The caller's data stays open. */
function ordersIn(data: DataSource): TrainingSources {
  return { home: '', data: { borrow: async () => ({ data, [Symbol.asyncDispose]: async () => {} }) } };
}

/** Whichever fields the card's kind has. */
export function fieldsOf({ details }: ModelCard): DetailFields {
  return details;
}
