import { describe, expect, it } from 'vitest';
import type { LabelledDataset } from '../../src/dataset/feature-matrix.ts';
import { assertTrainable, baseScoreOf } from '../../src/gbdt/booster-request.ts';
import { type BoosterOptions, boosterParamsSchema } from '../../src/gbdt/params.ts';
import { shared } from '../helpers/learner.ts';

const dataset: LabelledDataset = {
  featureNames: ['a'],
  rowCount: 4,
  columns: [shared([1, Number.NaN, -3, 4])],
  labels: shared([1, 0, 0, 0]),
};

function check(change: Partial<LabelledDataset>, options: BoosterOptions = {}): void {
  assertTrainable({ train: { ...dataset, ...change }, params: boosterParamsSchema.parse(options) });
}

describe('the check of a training request', () => {
  it.each<[string, Partial<LabelledDataset>, BoosterOptions]>([
    ['There is nothing to train on.', { featureNames: [], columns: [] }, {}],
    ['Columns, labels and weights must have one length.', { weights: shared([1]) }, {}],
    ['A feature holds an infinite value.', { columns: [shared([1, 2, Number.NEGATIVE_INFINITY, 4])] }, {}],
    ['Labels must be between 0 and 1.', { labels: shared([0, 1, 1.5, 0]) }, {}],
    ['Labels must be between 0 and 1.', { labels: shared([0, 1, Number.NaN, 0]) }, {}],
    ['Weights must be 0 or greater.', { weights: shared([1, 1, -0.1, 1]) }, {}],
    ['Weights must be 0 or greater.', { weights: shared([1, 1, Number.POSITIVE_INFINITY, 1]) }, {}],
    ['Weights must not all be 0.', { weights: shared([0, 0, 0, 0]) }, {}],
    [
      'Weights times scale_pos_weight are too large.',
      { weights: shared([1, 1, 1e37, 1]) },
      { scale_pos_weight: 100 },
    ],
    ['Weights times scale_pos_weight are too large.', {}, { scale_pos_weight: 1e39 }],
    ['Early stopping needs validation rows.', {}, { early_stopping_rounds: 3 }],
  ])('%s', (message, change, options) => {
    expect(() => check(change, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
    );
  });

  it('refuses the same faults in validation rows', () => {
    const params = boosterParamsSchema.parse({});
    const validation = { ...dataset, labels: shared([0.5, 0, 0, 0]) };
    expect(() => assertTrainable({ train: dataset, validation, params })).toThrow(
      'Labels of validation rows must be 0 or 1.',
    );
    const other = {
      ...dataset,
      featureNames: ['a', 'b'],
      columns: [shared([1, 1, 1, 1]), shared([1, 1, 1, 1])],
    };
    expect(() => assertTrainable({ train: dataset, validation: other, params })).toThrow('one length');
  });

  it('accepts labels that are probabilities in training rows', () => {
    expect(() => check({ labels: shared([0, 1, 0.25, 0]) }, {})).not.toThrow();
  });

  it('accepts missing values, some weights of 0, and the largest weights that fit', () => {
    expect(() => check({ weights: shared([0, 1, 2, 1e30]) }, { scale_pos_weight: 1e5 })).not.toThrow();
  });
});

describe('the check of lists to rank', () => {
  const checkLists = (listStarts: Uint32Array<SharedArrayBuffer>, train = dataset) =>
    assertTrainable({ train, listStarts, params: boosterParamsSchema.parse({}) });
  const starts = (...rows: number[]) => {
    const shared = new Uint32Array(new SharedArrayBuffer(rows.length * 4));
    shared.set(rows);
    return shared;
  };

  it('wants each list after the one before, from row 0 on', () => {
    expect(() => checkLists(starts(0, 2))).not.toThrow();
    expect(() => checkLists(starts(1, 2))).toThrow('Lists must begin at row 0, each after the one before.');
  });

  it('refuses a list of more than two million rows', () => {
    const rowCount = 2 ** 21 + 2;
    const column = new Float32Array(new SharedArrayBuffer(rowCount * 4));
    const train = { featureNames: ['a'], rowCount, columns: [column], labels: column };
    expect(() => checkLists(starts(0, rowCount - 1), train)).toThrow('A list has more than 2097152 rows.');
    expect(() => checkLists(starts(0, 2), train)).not.toThrow();
  });
});

describe('the base score', () => {
  const baseScore = (change: Partial<LabelledDataset>, options: BoosterOptions = {}) =>
    baseScoreOf({ ...dataset, ...change }, boosterParamsSchema.parse(options));

  it('is the log-odds of the weighted share of positives', () => {
    expect(baseScore({})).toBe(Math.fround(Math.log(1 / 3)));
    expect(baseScore({}, { scale_pos_weight: 3 })).toBe(0);
    expect(baseScore({ weights: shared([6, 1, 1, 1]) })).toBe(Math.fround(Math.log(2)));
  });

  it('is the log-odds of the mean of labels that are probabilities', () => {
    expect(baseScore({ labels: shared([0.5, 0.25, 0.125, 0.125]) })).toBeCloseTo(Math.log(1 / 3), 6);
  });

  it('is finite if all labels are the same', () => {
    const greatest = Math.fround(Math.log((1 - 1e-6) / 1e-6));
    expect(baseScore({ labels: shared([1, 1, 1, 1]) })).toBeCloseTo(greatest, 4);
    expect(baseScore({ labels: shared([0, 0, 0, 0]) })).toBeCloseTo(-greatest, 4);
  });
});
