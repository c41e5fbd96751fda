import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/text/plain-text.ts';

/** Text of all planes, with the characters that names must not carry well represented. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '\n',
        '\r\n',
        '\0',
        '\t',
        '\u2028',
        '\u202e',
        '\u200b',
        '\ufeff',
        '\u{e0041}',
        '\ud800',
      ),
      fc.constantFrom('\ufe0f', '\u{e0100}', '\u034f', '\u3164', '\u2800', '\u0301', ' ', 'a'),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('plainText', () => {
  it('cuts between characters, marks the cut, and handles a megabyte', () => {
    expect(plainText('🎿'.repeat(10), 5)).toBe('🎿🎿🎿🎿…');
    expect(plainText('x'.repeat(120))).toBe('x'.repeat(120));
    expect(plainText(`${'\u200b'.repeat(1_000_000)}name`)).toBe('name');
    expect(plainText(`Z${'\u0301'.repeat(1000)}`)).toBe('Z\u0301\u0301\u0301\u0301');
  });

  it('gives one bounded line of visible characters, whatever comes in, and keeps its own result', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 200 }), (text, most) => {
        const plain = plainText(text, most);
        expect([...plain].length).toBeLessThanOrEqual(most);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(plain).not.toMatch(/^\s|\s$| {2}|\p{M}{5}/u);
        expect(plainText(plain, most)).toBe(plain);
      }),
      { numRuns: 2000 },
    );
  });
});
