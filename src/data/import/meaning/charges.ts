import { CHARGE_CODES, CHARGE_PHRASES, CHARGE_WORDS, FILLER_WORDS } from './charge-words.ts';

/** A product as its lines show it. */
export interface SoldProduct {
  readonly id: string;
  readonly name: string | null;
  readonly category: string | null;
  /** The highest price of one piece in any line; null if no line has a price. */
  readonly highestPrice: number | null;
}

/** Why a line is a charge and not a product to recommend. */
export type ChargeReason = 'by its name' | 'by its code' | 'by its category' | 'always free';

/** Vouchers and gift cards are followed by an amount or end the name: "OCCASIONS GIFT CARD ASSORTMENT" is a product. */
const ENDS_IN_A_VOUCHER =
  /(?:^| )(?:gift (?:voucher|certificate)s?|geschenkgutschein|wertgutschein)(?: eur| usd| gbp| \d+)*$/;
const GIFT_CARD_WITH_AMOUNT = /(?:^| )gift ?cards?(?: eur| usd| gbp)* \d+(?: \d+)*(?: eur| usd| gbp)*$/;
/** Tills use one or two letters for entries without a product: M, D, S, B. */
const SHORT_CODE = /^\p{Letter}{1,4}$/u;
const SHORT_CODE_NAMES = new Set([
  'manual',
  'adjust',
  'adjustment',
  'misc',
  'miscellaneous',
  'various',
  'sundry',
  'diverses',
]);

/** Why a product is a charge, undefined if it is a product. */
export function chargeReason({ id, name, category, highestPrice }: SoldProduct): ChargeReason | undefined {
  const code = plainWords(id);
  if (name !== null && isChargeName(plainWords(name))) return 'by its name';
  if (CHARGE_CODES.has(code.replaceAll(' ', '').replace(/\d+$/, ''))) return 'by its code';
  if (name !== null && isBookedByHand(code, plainWords(name))) return 'by its code';
  if (category !== null && isChargeName(plainWords(category))) return 'by its category';
  return highestPrice === 0 ? 'always free' : undefined;
}

/** Lower case, without accents, words separated by one space. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .replace(/ł/giu, 'l')
    .replace(/[øö]/giu, 'o')
    .replace(/€/gu, ' eur ')
    .replace(/\$/gu, ' usd ')
    .replace(/£/gu, ' gbp ')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim();
}

function isChargeName(name: string): boolean {
  if (ENDS_IN_A_VOUCHER.test(name) || GIFT_CARD_WITH_AMOUNT.test(name)) return true;
  let rest = ` ${name} `;
  for (const phrase of CHARGE_PHRASES) rest = rest.replace(` ${phrase} `, '  ');
  const hasPhrase = rest !== ` ${name} `;
  const words = rest.split(' ').filter((word) => word !== '');
  const isKnown = (word: string) => CHARGE_WORDS.has(word) || FILLER_WORDS.has(word) || /^\d+$/.test(word);
  return words.every(isKnown) && (hasPhrase || words.some((word) => CHARGE_WORDS.has(word)));
}

/** `M` "Manual", `CRUK` "CRUK Commission", `B` "Adjust bad debt": a short code, and a name that says what it books. */
function isBookedByHand(code: string, name: string): boolean {
  if (!SHORT_CODE.test(code)) return false;
  const words = name.split(' ');
  return words.some((word) => CHARGE_WORDS.has(word) || SHORT_CODE_NAMES.has(word)) && words.length <= 4;
}
