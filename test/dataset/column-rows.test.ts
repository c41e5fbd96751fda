import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatDatasets,
  concatThinned,
  rowsFrom,
  selectRows,
  selectThinned,
  thinLabelledRows,
  thinRows,
} from '../../src/dataset/column-rows.ts';
import { shared } from '../helpers/learner.ts';

describe('thinRows', () => {
  it('keeps at most as many rows as asked for, evenly spaced from the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 60 }), (rowCount, most) => {
        const columns = [shared(Array.from({ length: rowCount }, (_, row) => row))];
        const thinned = thinRows({ featureNames: ['row'], rowCount, columns }, most);
        const rows = [...thinned.columns[0]];
        expect(rows).toHaveLength(thinned.rowCount);
        expect(rows).toHaveLength(Math.min(rowCount, most));
        const step = rowCount / rows.length;
        for (const [i, row] of rows.entries()) expect(Math.abs(row - i * step)).toBeLessThan(1);
        expect(rows[0] ?? 0).toBe(0);
      }),
    );
  });
});

describe('rowsFrom', () => {
  it('gives the rows of a matrix part by part, the last part as long as what is left', () => {
    const matrix = { featureNames: ['row'], rowCount: 5, columns: [shared([0, 1, 2, 3, 4])] };
    const parts = [0, 2, 4].map((first) => rowsFrom(matrix, first, 2));
    expect(parts.map(({ columns }) => [...columns[0]])).toEqual([[0, 1], [2, 3], [4]]);
    expect(parts.map(({ rowCount }) => rowCount)).toEqual([2, 2, 1]);
  });
});

describe('concatThinned', () => {
  it('gives the rows that thinning all rows together gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (lengths, most) => {
          const slices = lengths.map((rowCount, slice) => ({
            featureNames: ['row'],
            rowCount,
            columns: [shared(Array.from({ length: rowCount }, (_, row) => 100 * slice + row))],
            labels: shared(Array.from({ length: rowCount }, (_, row) => row % 2)),
          }));
          expect(concatThinned(slices, most)).toEqual(thinLabelledRows(concatDatasets(slices), most));
        },
      ),
    );
  });
});

describe('selectThinned', () => {
  it('gives the rows that thinning the selected rows gives', () => {
    fc.assert(
      fc.property(
        fc.uint32Array({ max: 99, maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (indices, most) => {
          const rows = Array.from({ length: 100 }, (_, row) => row);
          const dataset = {
            featureNames: ['row'],
            rowCount: 100,
            columns: [shared(rows)],
            labels: shared(rows.map((row) => row % 2)),
            weights: shared(rows.map((row) => row / 4)),
          };
          const thinned = selectThinned(dataset, indices, most);
          expect(thinned).toEqual(thinLabelledRows(selectRows(dataset, indices), most));
        },
      ),
    );
  });
});
