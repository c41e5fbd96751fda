import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package-root.ts';

/** What `docs/snowflake-statements.md` says of a statement. */
export interface ClassifiedStatement {
  readonly folder: string;
  readonly file: string;
  /** Of Snowflake's documentation, or `unproven`. */
  readonly page: string;
  readonly alsoRunBy: string;
  readonly remark: string;
}

export function classifiedStatements(): ClassifiedStatement[] {
  const document = readFileSync(join(packageRoot(), 'docs', 'snowflake-statements.md'), 'utf8');
  return [...document.matchAll(/^\| `(\w+)` *\|(.*)\|$/gm)].flatMap(([, folder, cells]) => {
    const [files, page, alsoRunBy, remark] = cells.split('|').map((cell) => cell.trim());
    return [...files.matchAll(/`(\w+)`/g)].map(([, file]) => ({ folder, file, page, alsoRunBy, remark }));
  });
}
