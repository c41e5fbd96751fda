import type { ColumnCells, FeatureTable, TableColumn } from '../data/feature-table/feature-table.ts';
import { selectRows } from '../dataset/column-rows.ts';
import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import { stratifiedSplit } from '../dataset/stratified-split.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { encodeTable, fitEncoding, type TableEncoding } from '../features/category-encoding.ts';
import type { TreeProgress } from '../gbdt/booster.ts';
import { singleFeatureScores } from '../metrics/leakage.ts';
import { operatingPoints } from '../metrics/operating-points.ts';
import { exportTableOnnx } from '../onnx/export-table-onnx.ts';
import { quoted } from '../text/quoted.ts';
import { evaluateChurn } from './churn/evaluation.ts';
import { planColumn } from './churn/plan.ts';
import { fitForecast } from './churn/recipe.ts';
import type { ChurnSlices } from './churn/slices.ts';
import { libraryVersions } from './library-versions.ts';
import { promoteIfBetter } from './promotion.ts';
import { settleTreeCount } from './search/tree-count.ts';
import { tuneParameters } from './search/tuning.ts';
import { startTimings } from './timings.ts';
import type { TrainingEnvironment } from './training-environment.ts';
import type { TrainColumnRequest, TrainingOutcome } from './training-request.ts';
import { treeProgressText } from './tree-progress.ts';

const TEST_SHARE = 0.2;
const SPLIT_SEED = 42;
const LEAST_CUSTOMERS = 50;
/** A column that ranks so well alone was written down afterwards. */
const COPY_ROC_AUC = 0.999;

/** The columns learnt from, and those that give the target away. */
interface UsefulColumns {
  readonly columns: readonly TableColumn[];
  readonly cells: readonly ColumnCells[];
  readonly copies: readonly { name: string; reason: string }[];
}

/**
 * Trains, evaluates and registers a model of an imported table of customers. A stratified fifth is held out; what is
 * registered is the same recipe fitted on all rows. Categories are encoded within the ONNX file.
 *
 * @throws INVALID_ARGUMENT, TOO_FEW_CUSTOMERS, ONE_CLASS, CANCELLED
 */
export async function trainColumnModel(
  request: TrainColumnRequest,
  table: FeatureTable,
  env: Omit<TrainingEnvironment, 'data'>,
): Promise<TrainingOutcome> {
  const timings = startTimings();
  assertLearnable(table);
  const split = stratifiedSplit({
    ids: table.ids,
    labels: table.labels,
    testShare: TEST_SHARE,
    seed: SPLIT_SEED,
  });
  const { columns, cells, copies } = usefulColumns(table, split.train);
  const { summary, labels } = table;
  const today = env.now().toISOString().slice(0, 10);
  const plan = planColumn(request, { ...summary, columns: [...columns] }, today);

  const encoded = (encoding: TableEncoding) => ({ ...encodeTable(columns, cells, encoding), labels });
  const held = encoded(fitEncoding(cells, labels, split.train));
  const slices = slicesOf(held, split, today);
  const { tune } = request;
  const tuned =
    tune && (await timings.measure('tune', () => tuneParameters(tune, plan.params, plan, slices, env)));
  const params =
    tuned?.params ?? (await timings.measure('settle', () => settleTreeCount(plan, plan.params, slices, env)));
  const evaluated = await timings.measure('train', () =>
    evaluateChurn(plan, params, slices, env, (tree) => reportTree(env, 'train', tree)),
  );

  const encoding = fitEncoding(cells, labels, Uint32Array.from(table.ids.keys()));
  const registered = await timings.measure('refit', () =>
    fitForecast({
      recipe: evaluated.recipe,
      train: encoded(encoding),
      params,
      horizonDays: 0,
      trainer: env.trainer,
      signal: env.signal,
      onTree: (tree) => reportTree(env, 'refit', tree),
    }),
  );
  const onnx = exportTableOnnx(registered.ensemble, encoding, { model: plan.model });
  throwIfAborted(env.signal);

  env.onProgress?.({ phase: 'register', done: 0, total: 1, message: 'Registering the new version' });
  const card = await env.registry.register({
    ensemble: registered.ensemble,
    onnx,
    card: {
      model: plan.model,
      comment: request.comment ?? '',
      label: plan.label,
      as_of: today,
      windows: {
        train_cutoffs: [today],
        evaluation_cutoff: today,
        evaluation: 'random_split',
        refit_cutoffs: [today],
      },
      features: [...plan.features],
      recipe: evaluated.recipe,
      ...(tuned && { tuning: tuned.tuning }),
      params,
      table: {
        id_column: summary.id_column,
        columns: [...columns],
        left_out: [...summary.left_out, ...copies],
      },
      training_samples: slices.train.rowCount,
      test_samples: slices.evaluation.rowCount,
      metrics: evaluated.metrics,
      operating_points: operatingPoints(slices.evaluation.labels, evaluated.probabilities),
      baselines: evaluated.baselines,
      feature_importance: plan.features.map((feature, index) => ({
        feature,
        importance: registered.featureImportance[index],
      })),
      warnings: [...evaluated.warnings],
      data: {
        fingerprint: summary.fingerprint,
        customers: summary.rows,
        orders: 0,
        first_order_date: today,
        last_order_date: today,
      },
      timings_ms: timings.milliseconds(),
      library_versions: libraryVersions(env.trainer),
    },
  });
  return { card, ...(await promoteIfBetter({ card, scores: evaluated.probabilities }, slices, env)) };
}

function assertLearnable({ ids, labels, summary }: FeatureTable): void {
  if (ids.length < LEAST_CUSTOMERS) {
    throw new ChurnMcpError(
      'TOO_FEW_CUSTOMERS',
      `The table has ${ids.length} customers, and training needs at least ${LEAST_CUSTOMERS}.`,
      { hint: 'Import a table with more rows.' },
    );
  }
  const churned = labels.reduce((sum, label) => sum + label, 0);
  if (churned >= 5 && ids.length - churned >= 5) return;
  throw new ChurnMcpError(
    'ONE_CLASS',
    `Only ${Math.min(churned, ids.length - churned)} customers have the rarer value of ${quoted(summary.target)}, so there is nothing to learn.`,
    { hint: 'Import a table with at least 5 customers of each.' },
  );
}

/** A number may give the target away that no value of its own does: a score, a date of leaving. */
function usefulColumns({ summary, cells, labels }: FeatureTable, rows: Uint32Array): UsefulColumns {
  const matrix = { ...encodeTable(summary.columns, cells, fitEncoding(cells, labels, rows)), labels };
  const copies = singleFeatureScores(selectRows(matrix, rows)).map(({ rocAuc }) => rocAuc >= COPY_ROC_AUC);
  if (copies.every(Boolean)) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'Every column of the table gives the target away.', {
      hint: 'Import a table whose columns were known before customers left.',
    });
  }
  return {
    columns: summary.columns.filter((_, i) => !copies[i]),
    cells: cells.filter((_, i) => !copies[i]),
    copies: summary.columns
      .filter((_, i) => copies[i])
      .map(({ name }) => ({ name, reason: 'it gives the target away' })),
  };
}

function slicesOf(
  dataset: LabelledDataset,
  split: { readonly train: Uint32Array; readonly test: Uint32Array },
  today: string,
): ChurnSlices {
  return {
    kind: 'random_split',
    train: selectRows(dataset, split.train),
    trainCutoffs: [today],
    dated: [],
    evaluation: selectRows(dataset, split.test),
    evaluationRecency: new Float32Array(0),
  };
}

function reportTree(
  { onProgress }: Pick<TrainingEnvironment, 'onProgress'>,
  phase: 'train' | 'refit',
  progress: TreeProgress,
): void {
  const doing = phase === 'train' ? 'Training' : 'Fitting once more on all rows';
  const { tree, total } = progress;
  onProgress?.({ phase, done: tree, total, message: `${doing}: ${treeProgressText(progress)}` });
}
