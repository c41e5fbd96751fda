import type { DataSource } from '../../data/data-source.ts';
import { selectFeatures } from '../../dataset/column-rows.ts';
import { FORWARD_FEATURES } from '../../features/churn-features.ts';
import { featureImportanceOf } from '../../gbdt/feature-importance.ts';
import { rawScoresOf } from '../../gbdt/raw-scores.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { evaluateClassification } from '../../metrics/classification.ts';
import { singleFeatureScores } from '../../metrics/leakage.ts';
import { meanOf } from '../../metrics/mean.ts';
import { type Label, labelOf } from '../../registry/card-details.ts';
import type { Warning } from '../../registry/card-figures.ts';
import { loadChampion } from '../../registry/champion.ts';
import type { ModelRegistry } from '../../registry/model-registry.ts';
import { type ChurnFigures, type ChurnJudge, probabilitiesOf } from '../churn/evaluation.ts';
import { readImportedModel } from '../churn/imported-model.ts';
import type { ShopPlan } from '../churn/plan.ts';
import type { DescribedRows, ShopTask } from '../churn/shop-task.ts';
import type { ImportModelRequest } from '../import-request.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TrainingTask } from '../training-task.ts';
import { forwardTask } from './forward.ts';
import { inactivityTask } from './inactivity.ts';

type ImportTask = TrainingTask<ShopPlan, DescribedRows, ChurnFigures>;

/**
 * A model that XGBoost trained elsewhere: judged on the rows that a training of the same label is judged on, and fitted
 * nowhere.
 *
 * @throws MODEL_REFUSED
 */
export async function importedTask(
  request: ImportModelRequest,
  data: DataSource,
  { registry }: Pick<TrainingEnvironment, 'registry'>,
): Promise<ImportTask> {
  const { ensemble, imported } = await readImportedModel(request);
  const label = await labelTask(request, data, registry);
  return {
    ...label,
    comment: request.comment,
    /** All features: the model's own and those that the champion and the baselines go by. */
    plan: async (env) => ({ ...(await label.plan(env)), features: FORWARD_FEATURES }),
    settle: async ({ params }) => ({ params }),
    evaluate: async ({ plan, rows }) => judged(ensemble, rows, label.judge(plan, rows)),
    refit: async () => ({
      ensemble,
      featureImportance: featureImportanceOf(ensemble),
      params: { n_estimators: imported.iterations, objective: imported.objective },
    }),
    details: (training, fitted) => {
      const details = label.details(training, fitted);
      const { evaluation_cutoff } = details.windows;
      return { ...details, imported, windows: { train_cutoffs: [], evaluation_cutoff } };
    },
  };
}

/** What a training would do that has the champion's label, so that the two can be compared. */
async function labelTask(
  { model, horizonDays }: ImportModelRequest,
  data: DataSource,
  registry: ModelRegistry,
): Promise<ShopTask> {
  const champion = await championLabel(model, registry);
  if (model === 'customer_churn_forecast') {
    const horizon = horizonDays ?? (champion?.kind === 'forward' ? champion.horizon_days : undefined);
    return forwardTask({ label: 'forward', horizonDays: horizon }, data);
  }
  const threshold = champion?.kind === 'inactivity' ? champion.churn_threshold_days : undefined;
  return inactivityTask({ label: 'inactivity', churnThresholdDays: threshold }, data);
}

async function championLabel(
  model: ImportModelRequest['model'],
  registry: ModelRegistry,
): Promise<Label | undefined> {
  const state = await loadChampion(registry, model);
  return state.kind === 'usable' ? labelOf(state.champion.card.details) : undefined;
}

/** The model's figures on the rows of the evaluation, beside the baselines'. */
function judged(
  ensemble: TreeEnsemble,
  { kind, train, evaluation }: DescribedRows,
  judge: ChurnJudge,
): ChurnFigures {
  const seen = selectFeatures(evaluation, ensemble.featureNames);
  const probabilities = probabilitiesOf(rawScoresOf(ensemble, seen));
  const { labels } = evaluation;
  return {
    kind,
    trainingSamples: 0,
    labels,
    probabilities,
    metrics: evaluateClassification({ labels, probabilities, trainingBaseRate: meanOf(train.labels) }),
    warnings: [IMPORTED, ...judge.warnings(singleFeatureScores(seen), undefined)],
    recipe: 'trees',
    baselines: judge.baselines,
    rolling: undefined,
  };
}

const IMPORTED: Warning = {
  code: 'IMPORTED',
  message:
    'It was trained elsewhere, so it may have seen the customers and days of the evaluation. If it had, its figures are too good.',
};
