import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { wrongValue } from '../../src/text/wrong-value.ts';

function wordsOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value, { error: wrongValue }).error?.issues[0].message;
}

describe('a value that a schema refuses', () => {
  it.each<[z.ZodType, unknown, string]>([
    [z.number(), undefined, 'is missing: give a number'],
    [z.number(), 'five', 'is "five": give a number'],
    [z.number(), Number.NaN, 'is not a number: give a number'],
    [z.coerce.number(), 'five', 'is not a number: give a number'],
    [z.int(), 1.5, 'is 1.5: give a whole number'],
    [z.string(), [1], 'is a list: give a text'],
    [z.string(), null, 'is null: give a text'],
    [z.boolean(), 'yes', 'is "yes": give true or false'],
    [z.array(z.string()), 'a', 'is "a": give a list'],
    [z.strictObject({}), [], 'is a list: give an object with named values'],
    [z.enum(['high', 'medium', 'low']), 'hihg', 'is "hihg": give "high", "medium" or "low"'],
    [z.enum(['high', 'low']), undefined, 'is missing: give "high" or "low"'],
    [z.literal(1), 2, 'is 2: give 1'],
    [z.int().min(1), 0, 'is 0: give 1 or more'],
    [z.number().gt(0), 0, 'is 0: give more than 0'],
    [z.int().max(1000), 1001, 'is 1001: give 1000 or less'],
    [z.number().lt(1), 1, 'is 1: give less than 1'],
    [z.string().min(1), '', 'is empty'],
    [z.array(z.string()).min(2), ['a'], 'is too short: give at least 2 entries'],
    [z.string().max(3), 'long', 'is too long: give at most 3 characters'],
    [z.array(z.string()).max(1), ['a', 'b'], 'is too long: give at most 1 entry'],
    [z.iso.date(), '2026-02-30', 'is "2026-02-30": write a day of the calendar as YYYY-MM-DD'],
    [z.url(), 'there', 'is not written as an address such as https://example.com'],
    [z.string().regex(/^x$/), 'y', 'is not written as it should be'],
    [z.strictObject({}), { a: 1 }, 'has an unknown name: "a"'],
    [z.union([z.string(), z.int()]), [], 'cannot be used as it is'],
  ])('of %# is told with what it is and what to give', (schema, value, expected) => {
    expect(wordsOf(schema, value)).toBe(expected);
  });

  it('keeps the words of its schema if it has some', () => {
    expect(wordsOf(z.string().regex(/^v_/, 'is no version'), 'x')).toBe('is no version');
  });

  it('shows a caller’s text on one bounded line', () => {
    expect(wordsOf(z.number(), `a\n"b"${'x'.repeat(500)}`)?.length).toBeLessThan(100);
    expect(wordsOf(z.number(), 'a\n"b"')).toBe(`is "a 'b'": give a number`);
  });
});
