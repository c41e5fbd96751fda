import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Dialect, init, parse } from '@polyglot-sql/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

const folder = join(packageRoot(), 'sql');
/** Of MCP servers, services and the Model Registry, and of procedures without a name that lasts. */
const UNKNOWN_TO_PARSER = /mcp_server\.sql$|^(endpoints|model_versions|register_model)\.sql$/;
/**
 * Statements that both engines run, and those of Snowflake alone, except for the deployment's:
 * test/snowflake/deployment/deployment.test.ts parses these with their blanks filled.
 */
const portable = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
  .filter(({ parentPath }) => !/^(duckdb|snowflake\/(un)?deploy)\b/.test(relative(folder, parentPath)))
  .filter(({ name }) => !UNKNOWN_TO_PARSER.test(name))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

/** Without comments and texts, lower case. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8')
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/'[^']*'/g, "''")
    .toLowerCase();
}

/** Spelled or understood otherwise by one of the engines. */
const NOT_PORTABLE: Readonly<Record<string, RegExp>> = {
  'functions that one engine lacks':
    /\b(dateadd|iff|ifnull|nvl2?|to_date|flatten|unnest|approx_percentile|list_\w+|struct_\w+|epoch\w*)\s*\(/,
  'intervals, whose sums have other types': /\binterval\b/,
  'a clock of the session': /\b(current_date|current_timestamp|now\s*\(|sysdate)/,
  'null treated by the engine’s taste': /\b(concat)\s*\(|\bignore nulls\b/,
  'filters of aggregates and samples': /\)\s*filter\s*\(|\btablesample\b/,
  'double quotes, which fix a letter’s case': /"/,
  'types of one engine': /\b(hugeint|ubigint|uinteger|varchar\[\]|number\()/,
};

describe('the SQL that both engines run', () => {
  beforeAll(() => init());

  it('stands in the portable folder', () => {
    expect(portable.length).toBeGreaterThan(20);
    expect(parse('select from where', Dialect.Snowflake).success).toBe(false);
  });

  it.each(portable.map((file) => [file.slice(folder.length + 1), file]))(
    'can be parsed as Snowflake SQL: %s',
    (_, file) => {
      expect(parse(readFileSync(file, 'utf8'), Dialect.Snowflake)).toMatchObject({ success: true });
      const found = Object.entries(NOT_PORTABLE)
        .filter(([, pattern]) => pattern.test(codeOf(file)))
        .map(([name]) => name);
      expect(found).toEqual([]);
    },
  );
});
