import type { DataSummary } from '../data/data-source.ts';
import type { BoosterTrainer } from '../gbdt/booster.ts';
import { operatingPoints } from '../metrics/operating-points.ts';
import type { CardDetails } from '../registry/card-details.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { ModelDraft } from '../registry/model-registry.ts';
import { libraryVersions } from './library-versions.ts';
import type {
  EvaluatedTraining,
  Evaluation,
  FittedModel,
  TrainingPlan,
  TrainingTask,
} from './training-task.ts';

interface CardExtras {
  readonly timings: Record<string, number>;
  readonly trainer: BoosterTrainer;
  readonly request: ModelCard['request'];
}

/** A version's card, whatever its kind; the registry adds the version's name, its time and its files. */
export function assembleCard<
  Plan extends TrainingPlan,
  Rows,
  Judged extends Evaluation,
  Details extends CardDetails,
>(
  task: TrainingTask<Plan, Rows, Judged, Details>,
  training: EvaluatedTraining<Plan, Rows, Judged>,
  fitted: FittedModel,
  { timings, trainer, request }: CardExtras,
): ModelDraft['card'] {
  const { plan, evaluation } = training;
  const { featureNames } = fitted.ensemble;
  return {
    model: task.model,
    comment: task.comment ?? '',
    as_of: plan.asOf,
    features: [...featureNames],
    params: fitted.params,
    training_samples: evaluation.trainingSamples,
    test_samples: evaluation.labels.length,
    evaluation: evaluation.kind,
    metrics: evaluation.metrics,
    operating_points: operatingPoints(evaluation.labels, evaluation.probabilities),
    feature_importance: featureNames.map((feature, i) => ({
      feature,
      importance: fitted.featureImportance[i],
    })),
    warnings: [...evaluation.warnings],
    data: plan.data,
    details: task.details(training, fitted),
    timings_ms: timings,
    library_versions: libraryVersions(trainer),
    request,
  };
}

/** The orders that a model was trained from, as its card tells of them. */
export function ordersOf({ orders, firstOrderDate, lastOrderDate }: DataSummary) {
  return { count: orders, first_date: firstOrderDate, last_date: lastOrderDate };
}
