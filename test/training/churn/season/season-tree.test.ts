import { describe, expect, it } from 'vitest';
import { addDays, dayOfYear, daysBetween, WEEKS_OF_YEAR } from '../../../../src/features/calendar-day.ts';
import { leafOf } from '../../../../src/gbdt/predictor.ts';
import { daysAheadOfLeaf, seasonTree } from '../../../../src/training/churn/season/season-tree.ts';

describe('the tree of a season', () => {
  const tree = seasonTree(
    3,
    Array.from({ length: WEEKS_OF_YEAR }, (_, leaf) => leaf),
  );
  const leafAt = (day: number) => tree.leafValues[leafOf(tree, () => day)];

  it('has one leaf per seven days of the year; the last holds the remaining days', () => {
    for (let day = 1; day <= 366; day++) {
      expect(leafAt(day)).toBe(Math.min(51, Math.floor((day - 1) / 7)));
    }
    const leaves = [...tree.covers].filter((_, node) => tree.splitFeatures[node] < 0);
    expect(leaves.reduce((sum, days) => sum + days, 0)).toBe(366);
    expect(tree.covers[0]).toBe(366);
  });

  it('evaluates the forecast day in its own leaf, and the next occurrence of each other leaf', () => {
    for (const asOf of ['2025-01-01', '2024-02-29', '2025-09-09', '2024-12-31']) {
      const own = leafAt(dayOfYear(asOf));
      for (let leaf = 0; leaf < WEEKS_OF_YEAR; leaf++) {
        const ahead = daysAheadOfLeaf(leaf, asOf);
        if (leaf === own) {
          expect(ahead).toBe(0);
          continue;
        }
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThan(365);
        const day = addDays(asOf, ahead);
        expect(leafAt(dayOfYear(day))).toBe(leaf);
        expect(daysBetween(asOf, day)).toBe(ahead);
      }
    }
  });
});
