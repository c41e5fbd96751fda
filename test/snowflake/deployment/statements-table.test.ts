import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/package-root.ts';
import { classifiedStatements } from '../../helpers/snowflake/classified-statements.ts';

const classified = classifiedStatements();

describe('the table of the statements of a deployment', () => {
  it.each(['deploy', 'undeploy', 'made'])(
    'has each file of sql/snowflake/%s once, and no other',
    (folder) => {
      const files = readdirSync(join(packageRoot(), 'sql', 'snowflake', folder)).map((file) =>
        file.replace('.sql', ''),
      );
      const listed = classified.filter((row) => row.folder === folder).map(({ file }) => file);
      expect(listed.sort()).toEqual(files.sort());
    },
  );

  it('says of each by which page it is right, or what is unproven', () => {
    for (const { file, page, remark } of classified) {
      expect(page, file).not.toBe('');
      if (page === 'unproven') expect(remark, file).not.toBe('');
      else expect(page, file).toMatch(/^[A-Z]/);
    }
  });

  it('names a page of the kind of object that the statement makes, drops or lists', () => {
    for (const { folder, file, page } of classified.filter((row) => row.page !== 'unproven')) {
      const text = readFileSync(join(packageRoot(), 'sql', 'snowflake', folder, `${file}.sql`), 'utf8');
      const [, verb = ''] = /^(?!--)\s*(\w+)/m.exec(text) ?? [];
      expect(page.toLowerCase(), file).toContain(verb);
    }
  });
});
