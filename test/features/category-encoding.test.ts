import { describe, expect, it } from 'vitest';
import { encodeTable, fitEncoding } from '../../src/features/category-encoding.ts';
import { shared } from '../helpers/learner.ts';

const columns = [{ name: 'plan', kind: 'category' }] as const;

function plans(groups: readonly (readonly [string | null, number, number])[]) {
  const rows = groups.flatMap(([plan, count, churned]) =>
    Array.from({ length: count }, (_, i) => ({ plan, label: i < churned ? 1 : 0 })),
  );
  const cells = [{ kind: 'category' as const, values: rows.map(({ plan }) => plan) }];
  return { cells, labels: shared(rows.map(({ label }) => label)), all: Uint32Array.from(rows.keys()) };
}

describe('the encoding of categories', () => {
  it('orders categories by their churn rate, shrunk to the mean if they have few rows', () => {
    const { cells, labels, all } = plans([
      ['month', 200, 100],
      ['year', 200, 20],
      ['gift', 12, 12],
      [null, 50, 10],
    ]);
    const [encoding] = fitEncoding(cells, { labels }, all);
    const code = (plan: string) => encoding?.codes.get(plan) ?? Number.NaN;
    expect(code('year')).toBeLessThan(code(''));
    expect(code('')).toBeLessThan(code('month'));
    expect(code('gift')).toBeLessThan(1);
    expect(code('gift')).toBeGreaterThan(code('month'));
    const share = 142 / 462;
    expect(encoding?.other).toBeCloseTo(Math.log(share / (1 - share)), 2);
  });

  it('encodes rare and unseen categories as "other"', () => {
    const { cells, labels, all } = plans([
      ['month', 100, 30],
      ['rare', 9, 9],
    ]);
    const encoding = fitEncoding(cells, { labels }, all);
    expect(encoding[0]?.codes.has('rare')).toBe(false);
    const asked = [{ kind: 'category' as const, values: ['rare', 'new', null] }];
    const { columns: encoded } = encodeTable(columns, asked, encoding);
    expect([...encoded[0]]).toEqual(Array.from({ length: 3 }, () => encoding[0]?.other));
  });

  it('is learnt from the given rows alone', () => {
    const { cells, labels } = plans([
      ['month', 100, 100],
      ['year', 100, 0],
    ]);
    const [encoding] = fitEncoding(
      cells,
      { labels },
      Uint32Array.from({ length: 100 }, (_, row) => row),
    );
    expect([...(encoding?.codes.keys() ?? [])]).toEqual(['month']);
  });
});
