import { describe, expect, it } from 'vitest';
import { loadSql, textOf } from '../../src/data/load-sql.ts';

describe('the statements of sql/', () => {
  it('are known to tsc, so that a name without a file does not compile', () => {
    // @ts-expect-error The folder is "labels".
    expect(() => loadSql('portable/label/churn_labels')).toThrow(/ENOENT/);
    // @ts-expect-error Text is given as { text }.
    expect(() => textOf({ file: 'select 1' })).toThrow(/ENOENT/);
  });

  it('are told from literal SQL by their key, whatever the text looks like', () => {
    expect(textOf({ text: 'portable/labels/churn_labels' })).toBe('portable/labels/churn_labels');
    expect(textOf({ file: 'portable/labels/churn_labels' })).toContain('churn_labels as (');
  });
});
