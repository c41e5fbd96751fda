import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, formatCount, formatPercent, formatSeconds, plural } from '../../src/text/format.ts';

describe('the format of numbers', () => {
  it.each([
    [formatCount(0), '0'],
    [formatCount(999.6), '1,000'],
    [formatCount(-1_234_567), '-1,234,567'],
    [formatAmount(1234.5), '1,234.50'],
    [formatAmount(-0.001), '0.00'],
    [formatAmount(-1234.5), '-1,234.50'],
    [formatAmount(123_456_789_012_345_680_000), '123,456,789,012,345,683,968.00'],
    [formatPercent(0.12345), '12.3%'],
    [formatPercent(0.5, 0), '50%'],
    [formatPercent(0), '0.0%'],
    [formatPercent(1, 0), '100%'],
    [formatPercent(0.0004), '<0.1%'],
    [formatPercent(0.9996), '>99.9%'],
    [formatPercent(0.997, 0), '>99%'],
    [formatPercent(0.004, 0), '<1%'],
    [formatSeconds(1234), '1.2 s'],
    [plural(1, 'customer'), '1 customer'],
    [plural(2000, 'category', 'categories'), '2,000 categories'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });

  it('groups digits and keeps the number', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(formatCount(value)).toMatch(/^-?\d{1,3}(,\d{3})*$/);
        expect(Number(formatCount(value).replaceAll(',', ''))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
