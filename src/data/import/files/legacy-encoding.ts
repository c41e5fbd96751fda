import { comparableName } from '../columns/comparable-name.ts';
import { SYNONYMS } from '../columns/synonyms.ts';
import { readCsvHead } from './csv-head.ts';

/** Encodings that programs write besides Unicode, by their names for `TextDecoder`; the most frequent first. */
const LEGACY = [
  'windows-1252',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
  'windows-1251',
  'windows-1250',
] as const;
export type LegacyEncoding = (typeof LEGACY)[number];

/** Bytes in which the header is found. */
const HEADER_BYTES = 1 << 16;

/**
 * The encoding in which the most columns of a CSV file have known names. If all have equally many, as with English names,
 * it is Windows-1252.
 *
 * @param start the first bytes of a text that is not UTF-8
 */
export function legacyEncodingOf(start: Uint8Array): LegacyEncoding {
  const known = new Set(
    Object.values(SYNONYMS).flatMap((fields) =>
      Object.entries(fields).flatMap(([field, tiers]) => [comparableName(field), ...tiers.flat()]),
    ),
  );
  const counted = LEGACY.map((encoding) => {
    const text = new TextDecoder(encoding).decode(start.subarray(0, HEADER_BYTES));
    const names = readCsvHead(text).columns.map(comparableName);
    return { encoding, names: names.filter((name) => known.has(name)).length };
  });
  return counted.toSorted((a, b) => b.names - a.names)[0]?.encoding ?? 'windows-1252';
}
