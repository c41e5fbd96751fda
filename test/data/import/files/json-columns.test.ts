import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ColumnPath,
  EACH,
  listsAmong,
  pathWithin,
} from '../../../../src/data/import/files/json-columns.ts';

const step = fc.constantFrom<string | typeof EACH>('a', 'b', '0', EACH);
const paths = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

describe('the lists among the columns of a file', () => {
  it('are the paths that another path leads into the elements of, as comparing all pairs says', () => {
    fc.assert(
      fc.property(paths, (all: readonly ColumnPath[]) => {
        const isList = listsAmong(all);
        const naive = (path: ColumnPath) => all.some((other) => pathWithin(path, other) !== undefined);
        expect(all.map(isList)).toEqual(all.map(naive));
      }),
    );
  });
});
