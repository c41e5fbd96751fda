import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { loadSql } from '../../src/data/load-sql.ts';
import { spreadsheetText } from '../../src/text/spreadsheet-text.ts';

const CELLS = [
  ['=HYPERLINK("https://evil.example")', '\'=HYPERLINK("https://evil.example")'],
  ['+1+1', "'+1+1"],
  ['-cmd', "'-cmd"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['＝1+1', "'＝1+1"],
  ['Hat;=1+1', "Hat;'=1+1"],
  ['Hat; "=1+1"', 'Hat; "\'=1+1"'],
  ['Hat\n@SUM(A1)', "Hat\n'@SUM(A1)"],
  ['Hat; 5 - 3', 'Hat; 5 - 3'],
  ['-5', '-5'],
  ['+3,5', '+3,5'],
  ['+49 (170) 123-45 67', '+49 (170) 123-45 67'],
  ['+4917012345678', '+4917012345678'],
  ['+1.212.555.0100', '+1.212.555.0100'],
  ['+1-2', "'+1-2"],
  ['+49 170 1234567|A1', "'+49 170 1234567|A1"],
  ['+49 170 1234567+1', "'+49 170 1234567+1"],
  ['=49 170 1234567', "'=49 170 1234567"],
  ['-49 170 1234567', "'-49 170 1234567"],
  ['+49 170 1234567\n=1', "'+49 170 1234567\n'=1"],
  ['A-1', 'A-1'],
  ['a=b', 'a=b'],
  ['', ''],
] as const;

describe('a text in a CSV file', () => {
  it.each(CELLS)('%j is written as %j', (text, expected) => {
    expect(spreadsheetText(text)).toBe(expected);
  });

  it('is written by an import exactly as by everything else', async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(loadSql('duckdb/import/macro_spreadsheet_text'));
    for (const [text, expected] of CELLS) {
      const result = await connection.runAndReadAll('select spreadsheet_text($1)', [text]);
      expect(result.getRowsJson()).toEqual([[expected]]);
    }
  });
});
