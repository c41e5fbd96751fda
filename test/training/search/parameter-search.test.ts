import { describe, expect, it } from 'vitest';
import { boosterParamsSchema } from '../../../src/gbdt/params.ts';
import { drawParameters, planRounds } from '../../../src/training/search/parameter-search.ts';

describe('the sets of parameters to try', () => {
  const given = boosterParamsSchema.parse({ max_depth: 3, seed: 5 });

  it('begin with the given ones, are all valid, and follow from the seed', () => {
    const sets = drawParameters(given, new Set(), 50);
    expect(sets[0]).toEqual(given);
    for (const set of sets) expect(boosterParamsSchema.parse(set)).toEqual(set);
    expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(50);
    expect(drawParameters(given, new Set(), 20)).toEqual(sets.slice(0, 20));
    expect(drawParameters({ ...given, seed: 6 }, new Set(), 20)[1]).not.toEqual(sets[1]);
    expect(new Set(sets.map(({ max_depth }) => max_depth))).toEqual(new Set([2, 3, 4, 5, 6, 7]));
  });

  it('keep named parameters fixed, and draw the others as before', () => {
    const [, free] = drawParameters(given, new Set(), 2);
    const [, held] = drawParameters(given, new Set(['max_depth', 'subsample']), 2);
    expect(held).toEqual({ ...free, max_depth: 3, subsample: 1 });
  });
});

describe('the rounds of a search', () => {
  it('give a third of the trials three times the rows, and the last round all rows', () => {
    expect(planRounds(27, 100_000)).toEqual([
      { rowShare: 1 / 27, trials: 27 },
      { rowShare: 1 / 9, trials: 9 },
      { rowShare: 1 / 3, trials: 3 },
      { rowShare: 1, trials: 1 },
    ]);
    expect(planRounds(27, 10_000)).toEqual([
      { rowShare: 1 / 3, trials: 27 },
      { rowShare: 1, trials: 9 },
    ]);
    expect(planRounds(5, 500)).toEqual([{ rowShare: 1, trials: 5 }]);
  });
});
