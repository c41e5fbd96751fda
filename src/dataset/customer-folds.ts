import type { Id } from '../data/data-source.ts';
import { seededHash } from './seeded-hash.ts';

export const FOLDS = 5;
const FOLD_SEED = 42;

/**
 * The fold of a customer, 0 to 4, by a hash of its own: customers who were drawn by another hash of their id share its first bytes, and
 * folds by those would be empty.
 */
export function foldOf(customerId: Id): number {
  return seededHash(String(customerId), FOLD_SEED) % FOLDS;
}
