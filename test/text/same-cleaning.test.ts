import { runInNewContext } from 'node:vm';
import { DuckDBInstance, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadSql } from '../../src/data/load-sql.ts';
import { shownTextBody } from '../../src/snowflake/deployment/shown-text.ts';
import { inertMarkdown } from '../../src/text/inert-markdown.ts';
import { plainText } from '../../src/text/plain-text.ts';
import { CLEANED } from './samples.ts';

let instance: DuckDBInstance;

beforeAll(async () => {
  instance = await DuckDBInstance.create();
});
afterAll(() => {
  instance.closeSync();
});

/** What the macro of imports makes of each text. */
async function cleanedInDuckDB(texts: readonly string[], most: number): Promise<string[]> {
  const connection = await instance.connect();
  try {
    await connection.run(loadSql('duckdb/import/macro_visible_line'));
    await connection.run(loadSql('duckdb/import/macro_clean_text'));
    const result = await connection.runAndReadAll(
      `select coalesce(clean_text(t, ${most}), '') from (select unnest($1) as t)`,
      [listValue(texts)],
      [LIST(VARCHAR)],
    );
    return z
      .array(z.tuple([z.string()]))
      .parse(result.getRowsJson())
      .flat();
  } finally {
    connection.closeSync();
  }
}

describe('untrusted text', () => {
  it.each(CLEANED)('%j is cleaned to %j', (text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  it('is cleaned by an import exactly as by everything that shows it', async () => {
    const expected = CLEANED.map(([, cleaned]) => cleaned);
    expect(
      await cleanedInDuckDB(
        CLEANED.map(([text]) => text),
        120,
      ),
    ).toEqual(expected);
  });

  it('is shown by the procedure in Snowflake exactly as by the tool', () => {
    const shown: unknown = runInNewContext(`(function (T) {\n${shownTextBody()}\n})`);
    if (typeof shown !== 'function') throw new Error('The body is no function.');
    const texts = [...CLEANED.map(([text]) => text), '[a](https://evil.example)', '# Sale', '<img src=x>'];
    for (const text of texts) expect(shown(text)).toBe(inertMarkdown(text));
    expect(shown(undefined)).toBeUndefined();
    expect(shownTextBody()).not.toContain('$$');
  });

  it('is cleaned the same everywhere, whatever characters it contains', async () => {
    const points = Array.from({ length: 0x110000 }, (_, point) => point);
    const characters = points
      .filter((point) => point > 0 && (point < 0xd800 || point > 0xdfff))
      .map((point) => String.fromCodePoint(point));
    const texts = blocksOf(characters, 64).map((block) =>
      block.map((character) => `a${character}${character}b`).join(''),
    );
    const cleaned = await cleanedInDuckDB(texts, 500);
    const differing = texts.filter((text, index) => cleaned[index] !== plainText(text, 500));
    expect(differing.map((text) => text.codePointAt(1)?.toString(16))).toEqual([]);
  });
});

function blocksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, block) =>
    items.slice(block * size, (block + 1) * size),
  );
}
