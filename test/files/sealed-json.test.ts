import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSealedJson, sealedJson } from '../../src/files/sealed-json.ts';

const schema = z.object({ schema: z.number(), aliases: z.record(z.string(), z.string()) });
const content = { schema: 1, aliases: { champion: 'v_20260203_120000', 'ünï code': 'x' } };

describe('a sealed JSON file', () => {
  it('holds its content and the checksum of it', () => {
    expect(JSON.parse(sealedJson(content))).toEqual({ ...content, sha256: expect.any(String) });
    expect(openSealedJson(sealedJson(content), schema)).toEqual(content);
  });

  it('passes without a checksum, as earlier versions wrote it', () => {
    expect(openSealedJson(JSON.stringify(content), schema)).toEqual(content);
  });

  it('gives its content or an error for every single flipped bit, never another content', () => {
    const bytes = Buffer.from(sealedJson(content));
    let refused = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      try {
        expect(openSealedJson(flipped.toString('utf8'), schema)).toEqual(content);
      } catch {
        refused++;
      }
    }
    expect(refused).toBe(bytes.length * 8);
  });

  it('is the same for whatever content it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const given = { value: JSON.parse(JSON.stringify(value)) };
        expect(openSealedJson(sealedJson(given), z.object({ value: z.unknown() }))).toEqual(given);
      }),
    );
  });
});
