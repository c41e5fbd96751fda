import { comparableName } from '../columns/comparable-name.ts';
import { plainStatus } from './status-words.ts';

/** Words for money that comes in and money that goes out. */
const PAIRS = [
  ['cr', 'dr'],
  ['credit', 'debit'],
  ['haben', 'soll'],
];
/** Letters for the same, in columns whose name says so. */
const LETTERS = [
  ['c', 'd'],
  ['h', 's'],
];
/** Cards are of credit and debit too. */
const OF_CARDS = /pay|card|karte|method|tender|funding/;
const OF_BOOKINGS = /credit|debit|haben|soll|drcr|crdr|shkz|sign$/;

/**
 * Whether the words of a column are those of a bank's or a book's two sides. They do not tell which side the sales are on:
 * a bank credits what came in, and an account of a customer is debited with it.
 */
export function sayInAndOut(words: Iterable<string>, column: string): boolean {
  const name = comparableName(column);
  if (OF_CARDS.test(name)) return false;
  const plain = new Set([...words].map(plainStatus));
  const pairs = OF_BOOKINGS.test(name) ? [...PAIRS, ...LETTERS] : PAIRS;
  return plain.size === 2 && pairs.some((pair) => pair.every((word) => plain.has(word)));
}
