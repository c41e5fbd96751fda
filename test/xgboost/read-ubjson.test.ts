import '../helpers/property-seed.ts';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChurnMcpError } from '../../src/errors.ts';
import { decodeXgboostModel, readXgboostModel } from '../../src/xgboost/model-file.ts';
import { readUbjson } from '../../src/xgboost/read-ubjson.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const MODEL = readFileSync(new URL('../fixtures/xgboost-models/3.2.0/categories-sets.ubj', import.meta.url));
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test.each<[string, unknown]>([
  ['{i\x01ai\x05}', { a: 5 }],
  ['[$d#i\x02\x3f\x80\x00\x00\xc0\x00\x00\x00', [1, -2]],
  ['[$l#L\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x01\x00', [256]],
  ['[$U#i\x02\x01\xff', [1, 255]],
  ['[$L#i\x00', []],
  ['[#i\x03ZTF', [null, true, false]],
  ['[Si\x02\xc3\xa9I\x01\x00D\x3f\xf0\x00\x00\x00\x00\x00\x00]', ['é', 256, 1]],
  ['{i\x09__proto__{}}', JSON.parse('{"__proto__": {}}')],
])('readUbjson reads %j', (text, value) => {
  expect(readUbjson(bytes(text))).toEqual(value);
});

describe('a UBJSON file with impossible counts or types', () => {
  test.each([
    '',
    '{',
    '[$d#L\x00\x00\x00\xff\xff\xff\xff\xff',
    '[#L\x00\x00\x00\xff\xff\xff\xff\xff',
    '[$Z#L\x00\x00\x00\xff\xff\xff\xff\xff',
    '[$d#L\xff\xff\xff\xff\xff\xff\xff\xff',
    'Si\x7fabc',
    'Si\x02\xff\xfe',
    'H',
    '['.repeat(100),
    `[${'Z'.repeat(1_000_001)}]`,
    `[$U#l\x00\x4c\x4b\x40${'\x00'.repeat(5_000_000)}`,
    '{i\x01aZ}Z',
  ])('is refused: %j', (text) => {
    expect(() => readUbjson(bytes(text))).toThrow(ChurnMcpError);
  });
});

test('a model file cut anywhere is refused, and one with a changed byte is read or refused', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MODEL.length - 1 }), fc.nat(255), (at, byte) => {
      expect(() => decodeXgboostModel(MODEL.subarray(0, at))).toThrow(ChurnMcpError);
      const changed = Uint8Array.from(MODEL);
      changed[at] = byte;
      try {
        decodeXgboostModel(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(ChurnMcpError);
      }
    }),
    { numRuns: 300 },
  );
});

test('a file of 100 MB is refused before it is read, and a folder is refused', async () => {
  const folder = await newTestHome();
  const file = join(folder, 'large.ubj');
  const handle = await open(file, 'w');
  await handle.truncate(100 * 1024 * 1024);
  await handle.close();
  await expect(readXgboostModel(file)).rejects.toThrow(
    'The model file has 100 MB. At most 64 MB can be read.',
  );
  await expect(readXgboostModel(folder)).rejects.toThrow('The model file cannot be read.');
});
