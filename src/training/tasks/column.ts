import type { ColumnCells, FeatureTable, TableColumn } from '../../data/feature-table/feature-table.ts';
import { selectRows } from '../../dataset/column-rows.ts';
import { type RowSplit, stratifiedSplit } from '../../dataset/stratified-split.ts';
import { ChurnMcpError } from '../../errors.ts';
import { encodeTable, fitEncoding, type TableEncoding } from '../../features/category-encoding.ts';
import { leakageWarnings, singleFeatureScores } from '../../metrics/leakage.ts';
import { exportTableOnnx } from '../../onnx/export-table-onnx.ts';
import { MODEL_OF_LABEL } from '../../registry/model-card.ts';
import { quoted } from '../../text/quoted.ts';
import { fitRegression, regressionBaseline, winnerWarnings } from '../churn/baselines.ts';
import { compareChurn } from '../churn/champion.ts';
import { type ChurnEvaluation, type ChurnJudge, evaluateChurn } from '../churn/evaluation.ts';
import { type ChurnPlan, forecastParams } from '../churn/plan.ts';
import { refitChurn } from '../churn/refit.ts';
import type { ChurnRows } from '../churn/slices.ts';
import { settleParameters } from '../search/settle-parameters.ts';
import type { TrainColumnRequest } from '../training-request.ts';
import type { TrainingTask } from '../training-task.ts';

const TEST_SHARE = 0.2;
const SPLIT_SEED = 42;
const LEAST_CUSTOMERS = 50;
const LEAST_OF_A_CLASS = 5;
/** A column that ranks so well alone was written down afterwards. */
const COPY_ROC_AUC = 0.999;

/** The columns learnt from, and those that give the target away. */
interface UsefulColumns {
  readonly columns: readonly TableColumn[];
  readonly cells: readonly ColumnCells[];
  readonly copies: readonly { name: string; reason: string }[];
}

interface ColumnPlan extends ChurnPlan, UsefulColumns {
  readonly split: RowSplit;
}

interface ColumnRows extends ChurnRows {
  /** How the registered model takes categories: fitted on all rows. */
  readonly encoding: TableEncoding;
}

/**
 * An imported table of customers, with a column that says who churned. A stratified fifth is held out; what is
 * registered is the same recipe fitted on all rows. Categories are encoded within the ONNX file. A table has no days and
 * no orders.
 *
 * @throws TOO_FEW_CUSTOMERS, ONE_CLASS
 */
export function columnTask(
  request: TrainColumnRequest,
  table: FeatureTable,
): TrainingTask<ColumnPlan, ColumnRows, ChurnEvaluation> {
  const { ids, labels, summary } = table;
  const model = MODEL_OF_LABEL.column;
  return {
    model,
    comment: request.comment,
    async plan({ now }) {
      assertLearnable(table);
      const split = stratifiedSplit({ ids, labels, testShare: TEST_SHARE, seed: SPLIT_SEED });
      const useful = usefulColumns(table, split.train);
      return {
        ...useful,
        split,
        asOf: now().toISOString().slice(0, 10),
        data: { fingerprint: summary.fingerprint, customers: summary.rows },
        features: useful.columns.map(({ name }) => name),
        recipe: 'trees_and_logistic_regression',
        ...forecastParams(request.params),
        horizonDays: 0,
      };
    },
    load: async (plan) => encodeRows(plan, table),
    settle: (plan, rows, env) => settleParameters(request.tune, plan.params, { plan, rows }, env),
    evaluate(training, env) {
      const { horizonDays } = training.plan;
      const regression = fitRegression(training.rows, horizonDays);
      const judge = {
        regression,
        baselines: regressionBaseline(training.rows, regression, horizonDays),
        warnings: (alone, outcome) => [...leakageWarnings(alone, LEAKAGE_ADVICE), ...winnerWarnings(outcome)],
      } satisfies ChurnJudge;
      return evaluateChurn(training, judge, env);
    },
    refit: (training, env) => refitChurn(training, undefined, env),
    exportOnnx: (ensemble, { encoding }) => exportTableOnnx(ensemble, encoding, { model }),
    details: ({ plan, settled, evaluation }) => ({
      kind: 'column',
      target: summary.target,
      positive: summary.positive,
      recipe: evaluation.recipe,
      baselines: evaluation.baselines,
      tuning: settled.tuning,
      table: {
        id_column: summary.id_column,
        columns: [...plan.columns],
        left_out: [...summary.left_out, ...plan.copies],
      },
    }),
    compare: compareChurn,
  };
}

/** Categories are encoded by the training rows alone for the evaluated model, and by all rows for the registered one. */
function encodeRows({ columns, cells, split }: ColumnPlan, table: FeatureTable): ColumnRows {
  const { ids, labels, weights } = table;
  const encoded = (encoding: TableEncoding) => ({
    ...encodeTable(columns, cells, encoding),
    labels,
    ...(weights && { weights }),
  });
  const held = encoded(fitEncoding(cells, table, split.train));
  const encoding = fitEncoding(cells, table, Uint32Array.from(ids.keys()));
  return {
    kind: 'random_split',
    train: selectRows(held, split.train),
    evaluation: selectRows(held, split.test),
    dated: [],
    refit: encoded(encoding),
    encoding,
  };
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
  const rarer = Math.min(churned, ids.length - churned);
  if (rarer >= LEAST_OF_A_CLASS) return;
  throw new ChurnMcpError(
    'ONE_CLASS',
    `Only ${rarer} customers have the rarer value of ${quoted(summary.target)}, so there is nothing to learn.`,
    { hint: `Import a table with at least ${LEAST_OF_A_CLASS} customers of each.` },
  );
}

/** A number may give the target away that no value of its own does: a score, a date of leaving. */
function usefulColumns(table: FeatureTable, rows: Uint32Array): UsefulColumns {
  const { summary, cells, labels } = table;
  const matrix = { ...encodeTable(summary.columns, cells, fitEncoding(cells, table, rows)), labels };
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

const LEAKAGE_ADVICE =
  ', so it may have been written down after customers left: if it is not known before, leave the column out of the ' +
  'file.';
