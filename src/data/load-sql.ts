import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChurnMcpError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';

const STATEMENT_NAME = /^[a-z0-9_]+(?:\/[a-z0-9_]+)*$/;
const cache = new Map<string, string>();

/** True for the name of a statement (`portable/tables/customer_segments`), false for statement text. */
export function isStatementName(sql: string): boolean {
  return STATEMENT_NAME.test(sql);
}

/** The text of `sql/<name>.sql`. Read once: the files are part of the installation and never change under us. */
export function loadSql(name: string): string {
  if (!isStatementName(name)) throw new ChurnMcpError('INTERNAL', `"${name}" is no statement name.`);
  const cached = cache.get(name);
  if (cached !== undefined) return cached;
  const text = readFileSync(join(packageRoot(), 'sql', `${name}.sql`), 'utf8');
  cache.set(name, text);
  return text;
}
