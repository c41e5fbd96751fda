import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSealedJson, sealedJson } from '../../src/files/sealed-json.ts';

const content = { schema: 1, aliases: { champion: 'v_20260203_120000', 'ünï code': 'x' } };

describe('a sealed JSON file', () => {
  it('holds its content and the checksum of it', () => {
    expect(JSON.parse(sealedJson(content))).toEqual({ ...content, sha256: expect.any(String) });
    expect(openSealedJson(sealedJson(content))).toEqual(content);
  });

  it('passes without a checksum, as earlier versions wrote it', () => {
    expect(openSealedJson(JSON.stringify(content))).toEqual(content);
  });

  it('gives its content or an error for every single flipped bit, never another content', () => {
    const bytes = Buffer.from(sealedJson(content));
    let refused = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      try {
        const { aliases, schema } = openSealedJson(flipped.toString('utf8'));
        expect({ aliases, schema }).toEqual(content);
      } catch {
        refused++;
      }
    }
    // The name of the checksum's own field is all that may change: readers refuse fields that they do not know.
    expect(refused).toBeGreaterThanOrEqual(bytes.length * 8 - 8 * 'sha256'.length);
  });

  it('is the same for whatever content it is given', () => {
    const json = fc.dictionary(
      fc.string().filter((key) => key !== 'sha256' && key !== '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(json, (given) => {
        const parsed = JSON.parse(JSON.stringify(given));
        expect(openSealedJson(sealedJson(parsed))).toEqual(parsed);
      }),
    );
  });
});
