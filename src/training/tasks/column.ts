import type { FeatureTable } from '../../data/feature-table/feature-table.ts';
import { leakageWarnings } from '../../metrics/leakage.ts';
import { exportTableOnnx } from '../../onnx/export-table-onnx.ts';
import { CHURN_LABELS } from '../../registry/churn-labels.ts';
import { fitRegression, regressionBaseline, winnerWarnings } from '../churn/baselines.ts';
import { compareChurn } from '../churn/champion.ts';
import { type ChurnEvaluation, type ChurnJudge, evaluateChurn } from '../churn/evaluation.ts';
import { forecastParams } from '../churn/plan.ts';
import { refitChurn } from '../churn/refit.ts';
import { encodeTableRows, learnableTable, type TablePlan, type TableRows } from '../churn/table-rows.ts';
import { settleParameters } from '../search/settle-parameters.ts';
import type { TrainColumnRequest } from '../training-request.ts';
import type { Training, TrainingTask } from '../training-task.ts';

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
): TrainingTask<TablePlan, TableRows, ChurnEvaluation> {
  const { summary } = table;
  const model = CHURN_LABELS.column.model;
  return {
    model,
    comment: request.comment,
    async plan({ now }) {
      const learnable = learnableTable(table);
      return {
        ...learnable,
        asOf: now().toISOString().slice(0, 10),
        data: { fingerprint: summary.fingerprint, customers: summary.rows },
        features: learnable.columns.map(({ name }) => name),
        recipe: 'trees_and_logistic_regression',
        ...forecastParams(request.params),
        horizonDays: 0,
      };
    },
    load: async (plan) => encodeTableRows(plan, table),
    settle: (plan, rows, env) => settleParameters(request.tune, plan.params, { plan, rows }, env),
    evaluate: (training, env) => evaluateChurn(training, () => judge(training), env),
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

function judge({ plan: { horizonDays }, rows }: Training<TablePlan, TableRows>): ChurnJudge {
  const regression = fitRegression(rows, horizonDays);
  return {
    regression,
    baselines: regressionBaseline(rows, regression, horizonDays),
    warnings: (alone, outcome) => [...leakageWarnings(alone, LEAKAGE_ADVICE), ...winnerWarnings(outcome)],
  };
}

const LEAKAGE_ADVICE =
  ', so it may have been written down after customers left: if it is not known before, leave the column out of the ' +
  'file.';
