import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingRows, isWithinCap } from '../../src/mcp/result-size.ts';

describe('the rows that fit into an answer', () => {
  it('are all rows, or as many as fit', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.integer({ min: 1, max: 400 }), (rowCount, width) => {
        const answer = (rows: number) => Array.from({ length: rows }, () => 'x'.repeat(width));
        const rows = fittingRows(rowCount, answer);
        expect(rows === 0 || isWithinCap(answer(rows))).toBe(true);
        expect(rows === rowCount || !isWithinCap(answer(rows + 1))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('are counted in bytes, whatever the script', () => {
    expect(isWithinCap('a'.repeat(50_000))).toBe(true);
    expect(isWithinCap('客'.repeat(50_000))).toBe(false);
  });
});
