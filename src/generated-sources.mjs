/**
 * Writes the sources that are made from others, which git ignores:
 *
 *     src/data/sql-file.ts          the names of all statements in `sql/` as a type: `tsc` finds a name that has no file
 *     src/data/snapshot-format.ts   the format of snapshots
 *
 * The build, `npm run types` and the tests run it. A file is written only if it changes.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSnapshotSources, snapshotFormatOf } from './snapshot-format.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function writeGeneratedSources() {
  writeIfChanged('sql-file.ts', sqlFileType());
  const format = snapshotFormatOf(readSnapshotSources(root));
  writeIfChanged(
    'snapshot-format.ts',
    `// Made by src/generated-sources.mjs from what builds a snapshot.\nexport const SNAPSHOT_FORMAT = ${format};\n`,
  );
}

function sqlFileType() {
  const folder = join(root, 'sql');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/').slice(0, -4))
    .sort();
  return `// Made by src/generated-sources.mjs from the folder sql/.
export type SqlFile =
${names.map((name) => `  | '${name}'`).join('\n')};
`;
}

function writeIfChanged(name, text) {
  const file = join(root, 'src', 'data', name);
  if (readOrNothing(file) !== text) writeFileSync(file, text);
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeGeneratedSources();
