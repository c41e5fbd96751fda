import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { foldOf } from '../../src/dataset/customer-folds.ts';

it('each fold has a fifth of the customers, also of the few who are drawn from a large shop', () => {
  const md5 = (id: number) => createHash('md5').update(String(id)).digest('hex');
  const ids = Array.from({ length: 300_000 }, (_, id) => id);
  // As \`taught_customers.sql\` draws them: those whose MD5 comes first.
  const drawn = ids.filter((id) => md5(id) < '02');
  const folds = [0, 1, 2, 3, 4].map((fold) => drawn.filter((id) => foldOf(id) === fold).length);
  for (const customers of folds) expect(customers / drawn.length).toBeCloseTo(0.2, 1);
});
