/**
 * Writes `src/data/sql-file.ts`: the names of all statements in `sql/` as a type, so that `tsc` finds a name that has no
 * file. The build and `npm run types` run it; git ignores what it writes. Nothing is written if nothing has changed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function writeSqlFiles() {
  const folder = join(root, 'sql');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/').slice(0, -4))
    .sort();
  const text = `// Made by src/sql-files.mjs from the folder sql/.
export type SqlFile =
${names.map((name) => `  | '${name}'`).join('\n')};
`;
  const file = join(root, 'src', 'data', 'sql-file.ts');
  if (readOrNothing(file) !== text) writeFileSync(file, text);
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeSqlFiles();
