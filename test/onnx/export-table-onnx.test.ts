import { describe, expect, it } from 'vitest';
import type { ColumnCells } from '../../src/data/feature-table/feature-table.ts';
import { encodeTable, fitEncoding } from '../../src/features/category-encoding.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { exportTableOnnx } from '../../src/onnx/export-table-onnx.ts';
import { loadOnnxRuntime } from '../../src/scoring/onnx-runtime.ts';
import { scoreCells } from '../../src/scoring/table-scorer.ts';
import { shared } from '../helpers/learner.ts';
import { boostedEnsemble, seededRandom } from '../helpers/random-trees.ts';

const columns = [
  { name: 'Contract', kind: 'category' },
  { name: 'odd "name", ü', kind: 'number' },
  { name: 'city', kind: 'category' },
] as const;

function table(rows: number, seed: number, cities: readonly (string | null)[]): ColumnCells[] {
  const random = seededRandom(seed);
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)];
  return [
    { kind: 'category', values: Array.from({ length: rows }, () => pick(['a', 'b', 'c'])) },
    {
      kind: 'number',
      values: shared(Array.from({ length: rows }, () => (random() < 0.1 ? Number.NaN : 8 * random() - 4))),
    },
    { kind: 'category', values: Array.from({ length: rows }, () => pick(cities)) },
  ];
}

describe('the ONNX file for a customer table', () => {
  const cells = table(600, 1, ['Köln', 'New York', null]);
  const labels = shared(Array.from({ length: 600 }, (_, row) => (row % 3 === 0 ? 1 : 0)));
  const encoding = fitEncoding(cells, { labels }, Uint32Array.from(labels.keys()));
  const ensemble = {
    ...boostedEnsemble({ trees: 30, depth: 4, featureCount: 3 }, 4),
    featureNames: columns.map(({ name }) => name),
  };
  const onnx = exportTableOnnx(ensemble, encoding, { model: 'customer_churn_column' });

  it('scores known, unknown and missing categories and missing numbers', async () => {
    for (const cities of [['Köln', 'New York', null], ['Oslo', 'Köln', ''], [null]]) {
      const asked = table(5000, 2, cities);
      const expected = predictRawScores(ensemble, encodeTable(columns, asked, encoding));
      const probabilities = await scoreCells(onnx, asked, 5000, undefined);
      for (const [row, probability] of probabilities.entries()) {
        expect(probability).toBe(Math.fround(1 / (1 + Math.exp(-expected[row]))));
      }
    }
  });

  it('reads truth values in the spellings of other programs', async () => {
    const truths: ColumnCells[] = [
      {
        kind: 'category',
        values: Array.from(labels, (label) => (label ? 'true' : 'false')),
      },
    ];
    const only = fitEncoding(truths, { labels }, Uint32Array.from(labels.keys()));
    const trees = { ...boostedEnsemble({ trees: 5, depth: 2, featureCount: 1 }, 4), featureNames: ['x'] };
    const file = exportTableOnnx(trees, only, { model: 'customer_churn_column' });
    const asked: ColumnCells[] = [
      { kind: 'category', values: ['true', 'True', 'TRUE', 'false', 'False', 'FALSE'] },
    ];
    const [yes, Yes, YES, no, No, NO] = await scoreCells(file, asked, 6, undefined);
    expect([Yes, YES, No, NO]).toEqual([yes, yes, no, no]);
  });

  it('has one input per column, and the same bytes for the same model', async () => {
    const runtime = await loadOnnxRuntime();
    const session = await runtime.InferenceSession.create(onnx);
    expect(session.inputNames).toEqual(['column_0', 'column_1', 'column_2']);
    const again = exportTableOnnx(ensemble, encoding, { model: 'customer_churn_column' });
    expect(Buffer.compare(onnx, again)).toBe(0);
    await session.release();
  });

  it('refuses bytes that are not a model', async () => {
    await expect(scoreCells(Buffer.from('no model'), cells, 600, undefined)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
  });
});
