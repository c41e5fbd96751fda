import { comparableName } from '../columns/comparable-name.ts';
import {
  plainStatus,
  STATUS_WORDS,
  type StatusMeaning,
  UNPAID_PAYMENTS,
  WAITING_DELIVERIES,
} from './status-words.ts';

const MEANINGS = Object.keys(STATUS_WORDS) as (keyof typeof STATUS_WORDS)[];

/** Whole words and phrases, and beginnings of words, each with what it means. */
interface Vocabulary {
  readonly phrases: ReadonlyMap<string, StatusMeaning>;
  /** Longest first, so that `partially refunded` goes before what it begins with. */
  readonly beginnings: readonly (readonly [beginning: string, meaning: StatusMeaning])[];
}

const VOCABULARY = readVocabulary();

/** What has a status: an open order is sold, an open payment is not paid, and an order is sold before its delivery. */
export type StatusOf = 'order' | 'payment' | 'delivery';

/** Names of columns that say how far the delivery is. */
const OF_DELIVERIES =
  /fulfil|deliver|ship|dispatch|versand|liefer|livraison|envio|entrega|spedizion|consegna|verzend|bezorg|lever|dostaw/;

/** What a column's name says that it is the status of. */
export function statusKindOf(column: string): 'order' | 'delivery' {
  return OF_DELIVERIES.test(comparableName(column)) ? 'delivery' : 'order';
}

/**
 * The meaning of a status: by the whole text, else by its words (in "Shipped - Returned to Seller" the words that mean
 * no sale count).
 */
export function meaningOfStatus(status: string, of: StatusOf = 'order'): StatusMeaning {
  const plain = plainStatus(status);
  if (of === 'payment' && UNPAID_PAYMENTS.has(plain)) return 'unpaid';
  const meaning = meaningOfWords(plain);
  return of === 'delivery' && WAITING_DELIVERIES.has(plain) ? 'sale' : meaning;
}

function meaningOfWords(plain: string): StatusMeaning {
  const whole = meaningOfPhrase(plain);
  if (whole !== undefined) return whole;
  const words = plain.split(' ');
  const found = new Set<StatusMeaning>();
  for (let length = words.length - 1; length > 0; length--) {
    for (let start = 0; start + length <= words.length; start++) {
      const meaning = meaningOfPhrase(words.slice(start, start + length).join(' '));
      if (meaning !== undefined) found.add(meaning);
    }
    // The longest known phrases decide, not the words within them.
    if (found.size > 0) break;
  }
  return [...found].find((meaning) => meaning !== 'sale') ?? [...found][0] ?? 'unknown';
}

/** The meaning of a status by its whole text, and not by words within it. */
export function meaningOfWholeStatus(status: string, of: StatusOf = 'order'): StatusMeaning {
  const whole = meaningOfPhrase(plainStatus(status));
  return whole === undefined ? 'unknown' : meaningOfStatus(status, of);
}

function meaningOfPhrase(phrase: string): StatusMeaning | undefined {
  const exact = VOCABULARY.phrases.get(phrase);
  if (exact !== undefined) return exact;
  return VOCABULARY.beginnings.find(
    ([beginning]) => phrase.startsWith(beginning) && !phrase.slice(beginning.length).includes(' '),
  )?.[1];
}

function readVocabulary(): Vocabulary {
  const phrases = new Map<string, StatusMeaning>();
  const beginnings: [string, StatusMeaning][] = [];
  for (const meaning of MEANINGS) {
    for (const entry of STATUS_WORDS[meaning].split('|').map((text) => text.trim())) {
      if (entry.endsWith('*')) beginnings.push([entry.slice(0, -1), meaning]);
      else phrases.set(entry, meaning);
    }
  }
  return { phrases, beginnings: beginnings.sort(([one], [other]) => other.length - one.length) };
}
