import { describe, expect, it } from 'vitest';
import { readFeatureTable } from '../../../../src/data/feature-table/feature-table-home.ts';
import { importFeatureTable } from '../../../../src/data/import/customer-table/import-feature-table.ts';
import { selectRows } from '../../../../src/dataset/column-rows.ts';
import type { LabelledDataset } from '../../../../src/dataset/feature-matrix.ts';
import { encodeTable, fitEncoding } from '../../../../src/features/category-encoding.ts';
import { boosterParamsSchema } from '../../../../src/gbdt/params.ts';
import { predictRawScores } from '../../../../src/gbdt/predictor.ts';
import { evaluateClassification } from '../../../../src/metrics/classification.ts';
import { meanOf } from '../../../../src/metrics/mean.ts';
import { fitForecast } from '../../../../src/training/churn/recipe.ts';
import { fileWith, refusal } from '../../../helpers/import.ts';
import { createInProcessTrainer } from '../../../helpers/in-process-trainer.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const REQUEST = { id: 'id', target: 'Churn', weight: 'w' };

/** 120 customers with a number, a category and a weight; who left follows from both and a little chance. */
async function tableOf(weight: (row: number) => string): Promise<string> {
  const rows = Array.from({ length: 120 }, (_, at) => {
    const [age, plan] = [(at * 37) % 61, ['basic', 'plus', 'pro'][at % 3]];
    const left = age + (plan === 'basic' ? 20 : 0) + ((at * 13) % 25) > 55;
    return `c${at},${age},${plan},${weight(at)},${left ? 'Yes' : 'No'}`;
  });
  return fileWith('customers.csv', `id,age,plan,w,Churn\n${rows.join('\n')}\n`);
}

/** The table twice: each customer once with a weight, and each as many times as it weighs. */
async function weightedAndRepeated(): Promise<[LabelledDataset, LabelledDataset]> {
  const home = await newTestHome();
  await importFeatureTable({ ...REQUEST, features: await tableOf((at) => String(1 + (at % 4))) }, { home });
  const table = await readFeatureTable(home);
  const { labels, weights } = table;
  if (weights === undefined) throw new Error('The table has no weights.');
  const all = Uint32Array.from(labels.keys());
  const repeats = Uint32Array.from([...all].flatMap((row) => Array(weights[row]).fill(row)));
  const matrix = (encoding: ReturnType<typeof fitEncoding>) => ({
    ...encodeTable(table.summary.columns, table.cells, encoding),
    labels,
  });
  const weighted = { ...matrix(fitEncoding(table.cells, table, all)), weights };
  return [weighted, selectRows(matrix(fitEncoding(table.cells, { labels }, repeats)), repeats)];
}

describe('sample weights of a customer table', () => {
  it('are named in the summary, and are no feature', async () => {
    const home = await newTestHome();
    const features = await tableOf((at) => String(1 + (at % 2)));
    const { summary } = await importFeatureTable({ ...REQUEST, features }, { home });
    expect(summary.weight).toBe('w');
    expect(summary.columns.map(({ name }) => name)).toEqual(['age', 'plan']);
    expect(summary.left_out).toEqual([
      {
        name: 'w',
        reason: 'it says how much each customer counts, in training and in the figures, and is not a feature',
      },
    ]);
  });

  it.each([
    ['negative', () => '-1', /120 values that are no number of 0 or more; the first, in row 1, is "-1"/],
    ['empty', (at: number) => (at === 5 ? '' : '1'), /1 values .* in row 6, is empty/],
    ['words', (at: number) => (at === 7 ? 'high' : '1'), /in row 8, is "high"/],
    ['all zero', () => '0', /All weights of the column "w" are 0/],
  ])('are refused if they are %s', async (_, weight, message) => {
    const features = await tableOf(weight);
    const home = await newTestHome();
    expect(await refusal(importFeatureTable({ ...REQUEST, features }, { home }))).toMatch(message);
  });

  it('that are whole numbers train the model that as many rows of each customer train', async () => {
    const [weighted, repeated] = await weightedAndRepeated();
    const forecast = (train: LabelledDataset) =>
      fitForecast({
        recipe: 'trees_and_logistic_regression',
        train,
        customers: weighted,
        params: boosterParamsSchema.parse({ n_estimators: 20, max_depth: 3 }),
        horizonDays: 0,
        trainer: createInProcessTrainer(),
      });
    const [one, other] = [await forecast(weighted), await forecast(repeated)].map(({ ensemble }) =>
      predictRawScores(ensemble, weighted),
    );
    for (const [row, score] of one.entries()) expect(score).toBeCloseTo(other[row], 2);
  });

  it('that are whole numbers give the figures that as many rows of each customer give', async () => {
    const [weighted, repeated] = await weightedAndRepeated();
    const said = (data: LabelledDataset) => data.columns[0].map((age) => 1 / (1 + Math.exp((30 - age) / 15)));
    const figures = ({ labels, weights, ...matrix }: LabelledDataset) =>
      evaluateClassification({
        labels,
        probabilities: said({ ...matrix, labels }),
        weights,
        trainingBaseRate: meanOf(labels, weights),
      });
    const { confusion_matrix, calibration, ...one } = figures(weighted);
    const other = figures(repeated);
    for (const [name, value] of Object.entries(one))
      expect(other).toHaveProperty(name, expect.closeTo(value, 9));
    const { tn, fp, fn, tp } = confusion_matrix;
    expect(tn + fp + fn + tp).toBe(120);
    expect(calibration.reduce((sum, { count }) => sum + count, 0)).toBe(120);
  });
});
