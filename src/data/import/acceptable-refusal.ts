import { ChurnMcpError } from '../../errors.ts';

/** The checks that refuse an import unless the user accepts them with `--accept WORD`: each word with what it accepts. */
export const ACCEPTABLE = {
  'damaged-lines': 'lines that an unclosed quote swallowed, or that have too few or too many columns',
  'unusable-rows': 'files of which less than 90 % of the rows can be used',
  'unmatched-lines': 'lines of orders that are not in the orders file',
  'unmatched-customers': 'a customers file that names few of the customers who ordered',
  'unknown-persons':
    'orders by ids that no file of customers explains, in a shop that gives people several ids',
  'unmatched-products': 'a products file that names few of the products that were sold',
  'single-orders': 'customers who all have exactly one order',
  'repeated-orders': 'orders that several files hold with the same content',
  'dominant-customer': 'one customer with a large share of all orders',
  'other-zeros': 'added orders whose customer ids have other leading zeros than before',
  'later-orders': 'many orders that are later than today',
} as const;
export type Acceptable = keyof typeof ACCEPTABLE;

export function isAcceptable(word: string): word is Acceptable {
  return Object.hasOwn(ACCEPTABLE, word);
}

/** The words that the user accepted, and the list that reports their use. */
interface Acceptance {
  readonly request: { readonly accept?: readonly Acceptable[] | undefined };
  readonly decisions: { say(sentence: string): void };
}

/**
 * Refuses the import, or reports that the user accepted it.
 *
 * @param refusal a sentence on what is wrong, with its number, and one on what to do besides accepting it
 * @throws IMPORT_REFUSED
 */
export function refuseUnlessAccepted(
  { request, decisions }: Acceptance,
  word: Acceptable,
  refusal: { readonly message: string; readonly hint: string },
): void {
  if (request.accept?.includes(word)) {
    decisions.say(`${refusal.message} Accepted with --accept ${word}.`);
    return;
  }
  throw new ChurnMcpError('IMPORT_REFUSED', refusal.message, {
    hint: `${refusal.hint} If it is right as it is, add --accept ${word}.`,
  });
}
