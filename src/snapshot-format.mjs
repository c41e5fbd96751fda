/**
 * The format of snapshots: a number made from all that decides which tables a snapshot has and what later code finds in
 * them. An edit there makes another format, so that nobody has to remember to raise one. Comments, types and white space
 * do not count. What an import makes of its files does not count either: its rows stay readable.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const SQL_FOLDERS = ['sql/portable/tables', 'sql/duckdb/snapshot'];
const CODE = [
  'src/data/shop-tables.ts',
  'src/data/serving-tables.ts',
  'src/data/snapshot-summary.ts',
  'src/data/shop-counts.ts',
  'src/data/duckdb/summary.ts',
];

/** By path from the package's root: the text of each file that decides the format. */
export function readSnapshotSources(root) {
  const statements = SQL_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  return Object.fromEntries(
    [...statements, ...CODE].sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

/** The first 48 bits of a hash, as a whole number: the pointer file of every version holds a number. */
export function snapshotFormatOf(sources) {
  const hash = createHash('sha256');
  for (const [path, text] of Object.entries(sources)) {
    hash.update(JSON.stringify([path, path.endsWith('.sql') ? bareSql(text) : bareCode(text)]));
  }
  return Number.parseInt(hash.digest('hex').slice(0, 12), 16);
}

/** Without comments and line breaks; what stands within quotes stays as it is. */
function bareSql(text) {
  return text
    .replace(/'(?:[^']|'')*'|--.*|\s+/g, (part) => (part.startsWith("'") ? part : ' '))
    .replace(/'(?:[^']|'')*'| +/g, (part) => (part.startsWith("'") ? part : ' '))
    .trim();
}

function bareCode(text) {
  return transformSync(text, { loader: 'ts', minifyWhitespace: true }).code;
}
