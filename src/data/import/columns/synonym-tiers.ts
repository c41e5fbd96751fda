import { plainLetters } from '../values/plain-letters.ts';

/**
 * Synonyms of each field, in tiers: a column of an earlier tier wins over one of a later tier; two columns of one tier
 * are ambiguous. Names are compared without case, accents and separators, so `Customer ID` is `customerid`.
 * The field's own name is always the first tier. A bare noun (Customer) comes after its ids (Customer No), beside which it
 * is a name.
 */
export type Synonyms = readonly (readonly string[])[];

/** One tier: comparable names with spaces or line ends between them. */
export function names(text: string): readonly string[] {
  return plainLetters(text).trim().split(/\s+/);
}

/** One tier per name, so that an optional field is never ambiguous. */
export function inTurn(text: string): Synonyms {
  return names(text).map((name) => [name]);
}
