import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteIdentifier, quoteLiteral } from '../../../src/data/duckdb/sql-quoting.ts';

it('quoted names and literals come back unchanged from DuckDB, whatever they contain', async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !value.includes('\0'));
  await fc.assert(
    fc.asyncProperty(text, text, async (name, value) => {
      const result = await connection.runAndReadAll(
        `select ${quoteLiteral(value)} as ${quoteIdentifier(name)}`,
      );
      expect(result.columnNames()).toEqual([name]);
      expect(result.getRows()).toEqual([[value]]);
    }),
    { numRuns: 200, examples: [[`"; drop table x; --`, `'; drop table x; --`]] },
  );
  connection.closeSync();
  instance.closeSync();
});
