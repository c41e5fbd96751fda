/** Every kind of training: one line per file of this folder. */
import type { DataSource, DataSourceProvider } from '../../data/data-source.ts';
import { readFeatureTable } from '../../data/feature-table/feature-table-home.ts';
import type { CardDetails } from '../../registry/card-details.ts';
import { runTraining } from '../run-training.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TrainingKind, TrainingOutcome, TrainingRequests } from '../training-request.ts';
import type { Evaluation, TrainingPlan, TrainingTask } from '../training-task.ts';
import { columnTask } from './column.ts';
import { forwardTask } from './forward.ts';
import { importedTask } from './imported.ts';
import { inactivityTask } from './inactivity.ts';
import { purchaseTask } from './purchase.ts';
import { upliftTask } from './uplift.ts';

/** Where a training finds what it learns from. */
export interface TrainingSources {
  readonly home: string;
  /** The imported orders, lent until the training ends. */
  readonly data: Pick<DataSourceProvider, 'borrow'>;
}

type Run<Request> = (
  request: Request,
  sources: TrainingSources,
  env: TrainingEnvironment,
) => Promise<TrainingOutcome>;

export const TRAINING_TASKS: { readonly [Kind in TrainingKind]: Run<TrainingRequests[Kind]> } = {
  forward: onOrders(forwardTask),
  inactivity: onOrders(inactivityTask),
  column: async (request, { home }, env) =>
    runTraining(columnTask(request, await readFeatureTable(home, env.signal)), env),
  purchase: onOrders(purchaseTask),
  uplift: (request, sources, env) =>
    onOrders((_: unknown, data) => upliftTask(request, sources.home, data))(request, sources, env),
  imported: onOrders(importedTask),
};

/** @throws what the kind's task and `runTraining` throw */
export function train<Kind extends TrainingKind>(
  { kind, request }: { readonly kind: Kind; readonly request: TrainingRequests[Kind] },
  sources: TrainingSources,
  env: TrainingEnvironment,
): Promise<TrainingOutcome> {
  return TRAINING_TASKS[kind](request, sources, env);
}

function onOrders<
  Request,
  Plan extends TrainingPlan,
  Rows,
  Judged extends Evaluation,
  Details extends CardDetails,
>(
  taskOf: (
    request: Request,
    data: DataSource,
    env: TrainingEnvironment,
  ) => TrainingTask<Plan, Rows, Judged, Details> | Promise<TrainingTask<Plan, Rows, Judged, Details>>,
): Run<Request> {
  return async (request, { data }, env) => {
    await using borrowed = await data.borrow();
    return await runTraining(await taskOf(request, borrowed.data, env), env);
  };
}
