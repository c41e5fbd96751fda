/** What the tasks of churn models that are trained on a shop's orders have in common. */
import type { DataSource } from '../../data/data-source.ts';
import { exportOnnx } from '../../onnx/export-onnx.ts';
import type { DetailsOf } from '../../registry/card-details.ts';
import type { RegisteredModel } from '../../registry/model-card.ts';
import { ordersOf } from '../card.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TrainChurnRequest } from '../training-request.ts';
import type { EvaluatedTraining, FittedModel, TrainingTask } from '../training-task.ts';
import { compareChurn } from './champion.ts';
import type { ChurnEvaluation, ChurnFigures, ChurnJudge } from './evaluation.ts';
import type { ShopPlan } from './plan.ts';
import type { ShopRows } from './read-slices.ts';
import { refitChurn } from './refit.ts';
import { distributionsOf, readToday, type Today } from './today.ts';

/** Rows of the past, and the customers as they are now. */
export interface DescribedRows extends ShopRows {
  readonly today: Today;
}

export type ShopTraining = EvaluatedTraining<ShopPlan, DescribedRows, ChurnFigures>;

/** A label of a shop's orders. What it says of figures fits those of an imported model as well. */
export interface ShopTask
  extends Omit<TrainingTask<ShopPlan, DescribedRows, ChurnEvaluation>, 'details' | 'compare'> {
  /** What any model of the label is judged by. */
  judge(plan: ShopPlan, rows: DescribedRows): ChurnJudge;
  details(training: ShopTraining, fitted: FittedModel): DetailsOf<'inactivity' | 'forward'>;
  readonly compare: typeof compareChurn;
}

type SharedSteps = Pick<ShopTask, 'model' | 'comment' | 'refit' | 'exportOnnx' | 'compare'>;

/** The steps that do not depend on the label. */
export function shopSteps(model: RegisteredModel, { comment }: TrainChurnRequest): SharedSteps {
  return {
    model,
    comment,
    refit: (training, env) => refitChurn(training, training.rows.today.customers, env),
    exportOnnx: (ensemble) => exportOnnx(ensemble, { model }),
    compare: compareChurn,
  };
}

export async function withToday(
  rows: ShopRows,
  { data, plan }: { readonly data: DataSource; readonly plan: ShopPlan },
  { signal }: TrainingEnvironment,
): Promise<DescribedRows> {
  return { ...rows, today: await readToday(data, plan, signal) };
}

/** The fields of the details that every label of a shop has. */
export function shopDetails({ plan, rows, settled, evaluation }: ShopTraining, { ensemble }: FittedModel) {
  return {
    recipe: evaluation.recipe,
    baselines: evaluation.baselines,
    tuning: settled.tuning,
    windows: {
      train_cutoffs: [...rows.trainCutoffs],
      evaluation_cutoff: plan.cutoffs[0],
      ...(rows.refitCutoffs && { refit_cutoffs: [...rows.refitCutoffs] }),
    },
    orders: ordersOf(plan.summary),
    distribution: distributionsOf(ensemble, rows.today),
  };
}
