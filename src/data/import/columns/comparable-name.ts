import { plainLetters } from '../values/plain-letters.ts';

/** How columns are compared: no case, no accents, no separators. `Customer ID` and `customer_id` are the same. */
export function comparableName(name: string): string {
  return plainLetters(name)
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '');
}
