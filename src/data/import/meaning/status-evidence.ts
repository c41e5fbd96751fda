import { comparableName } from '../columns/comparable-name.ts';
import { sayInAndOut } from './in-and-out.ts';
import { meaningOfStatus, meaningOfWholeStatus, statusKindOf } from './status-meaning.ts';
import { plainStatus, type StatusMeaning } from './status-words.ts';

/** The words of a column that was not read, and how many rows have each. */
export interface ColumnWords {
  readonly column: string;
  readonly words: ReadonlyMap<string, number>;
  /** True if every word is a yes or a no. */
  readonly isFlag?: boolean | undefined;
}

/**
 * What the words of a column say of it: certainly the `status` of orders, a `flag` that an order does not count, or that it
 * counts (`flag of sales`), `maybe` a status, only `some` words of one among others, or nothing.
 */
export type StatusEvidence = 'status' | 'flag' | 'flag of sales' | 'maybe' | 'some' | undefined;

/** Less than this share of rows with known words, and the column holds something else; less is enough for one called status. */
const LEAST_KNOWN = 0.8;
const LEAST_KNOWN_OF_STATUS = 0.4;
/** Headers that say that a column is a status. */
const OF_STATUS = /status|state$|statut|etat|zustand|estado|stato$|situac|stav$/;
/** Headers that say, beside a yes or a no, that an order does not count. What can be returned was not (`refundable`). */
const OF_LOST =
  /^(is|was)?(return|refund|reversal)$|refunded|returned|cancell?ed|voided|^(is|was|has)?void$|deleted|storniert|annul(ed|led|liert|lat|ert)|erstattet|retourniert|rembourse|reembolsad|devuelt|devolvid|rimborsat|terugbetaald|geannuleerd|anulad|cancelad/;
const OF_NOT_LOST =
  /canbe|maybe|^not|partial|amount|quantity|qty|count|number|units|items|total|value|anzahl|menge|betrag/;
/** Headers that say, beside a yes or a no, that an order counts. */
const OF_SOLD =
  /^(is|was|has|order|payment|sale|transaction)*(completed?|succe(ss|ssful|ssfully|eded)|valid|captured|settled|finali[sz]ed|processed|abgeschlossen|erfolgreich|gultig)$/;
/** A column with more words than this is not named for a few of them. */
const MOST_WORDS_OF_SOME = 20;

/** Headers that say of what other thing a column is the status. */
const OF_OTHER_THINGS =
  /newsletter|marketing|mail|consent|optin|subscri|abonn|customer|client|kunde|member|mitglied|account|konto|loyal|product|produkt|articl|artikel|inventory|stock|lager|listing|address|adress|^vat|^tax|^ust|review|rating|coupon|voucher|gift|visit|session|device/;

/** Words of statuses that are also said of products, customers, addresses and the like. */
const SAID_OF_ANYTHING = new Set(
  'new neu nouveau nuevo nuovo novo nieuw active open offen closed ok valid approved accepted done ready received success'.split(
    ' ',
  ),
);
/** Words for what a row is, beside which a word such as Return means the refund. */
const KINDS_OF_ROWS = new Set(
  'sale sold purchase order charge payment transaction verkauf kauf vente achat venta compra vendita acquisto venda verkoop aankoop sprzedaz zakup'.split(
    ' ',
  ),
);
const OF_PAYMENTS =
  /paid|pay|bezahl|zahl|paye|pagad|pagat|\bpag[oa]s?\b|betaal|betald|betalt|oplac|placen|maksettu|оплач|付款|支付|入金|결제/;

const NO_SALE: ReadonlySet<StatusMeaning> = new Set<StatusMeaning>([
  'cancelled',
  'failed',
  'refunded',
  'unpaid',
  'draft',
  'test',
  'browsing',
  'fee',
]);

/** Says from its words alone whether a column is the status of orders. A column that makes no row a no sale says nothing. */
export function statusEvidence({ column, words, isFlag = false }: ColumnWords): StatusEvidence {
  const name = comparableName(column);
  if (isFlag) return saysLost(name) ? 'flag' : OF_SOLD.test(name) ? 'flag of sales' : undefined;
  if (sayInAndOut(words.keys(), column)) return 'status';
  const kind = statusKindOf(column);
  const said = [...words].map(([word, rows]) => ({
    plain: plainStatus(word),
    rows,
    whole: meaningOfWholeStatus(word, kind),
    within: meaningOfStatus(word, kind),
  }));
  const rowsOf = (some: typeof said) => some.reduce((sum, { rows }) => sum + rows, 0);
  const lost = said.filter(({ whole }) => NO_SALE.has(whole));
  const given = said.filter(({ whole }) => whole === 'refund row');
  const lostWithin = said.filter(({ within }) => NO_SALE.has(within));
  if (lost.length + given.length + lostWithin.length === 0) return undefined;
  const known = said.filter(({ within }) => within !== 'unknown');
  const leastKnown = OF_STATUS.test(name) ? LEAST_KNOWN_OF_STATUS : LEAST_KNOWN;
  const isMostlyKnown = rowsOf(known) >= leastKnown * rowsOf(said) && known.length * 2 >= said.length;
  if (OF_OTHER_THINGS.test(name) || !isMostlyKnown) {
    return lost.length > 0 && said.length <= MOST_WORDS_OF_SOME ? 'some' : undefined;
  }
  const sold = said.filter(({ plain, whole }) => whole === 'sale' && !SAID_OF_ANYTHING.has(plain));
  const isKindOfRow = given.length > 0 && sold.some(({ plain }) => KINDS_OF_ROWS.has(plain));
  // A delivery may wait too, and is sold all the same.
  const onlyWaits = lost.every(({ whole }) => whole === 'unpaid');
  const saysPaid = said.some(({ plain }) => OF_PAYMENTS.test(plain));
  const isLost = lost.length > 0 && (!onlyWaits || saysPaid);
  return sold.length > 0 && (isLost || isKindOfRow) ? 'status' : 'maybe';
}

/** Whether a column of this name, holding yes and no, says that an order does not count. */
function saysLost(name: string): boolean {
  return OF_LOST.test(name) && !OF_NOT_LOST.test(name) && !OF_OTHER_THINGS.test(name);
}

/** True if any word may be one of a status that makes its row a no sale, or of any sale. */
export function haveStatus(words: Iterable<string>, column: string): boolean {
  const all = [...words];
  return sayInAndOut(all, column) || all.some((word) => meaningOfStatus(word) !== 'unknown');
}

/** The words that make their rows no sales, with the most rows first. */
export function lostWords({ words }: Pick<ColumnWords, 'words'>): string[] {
  return [...words]
    .filter(([word]) => !['sale', 'unknown'].includes(meaningOfStatus(word)))
    .sort(([one, ofOne], [other, ofOther]) => ofOther - ofOne || (one < other ? -1 : 1))
    .map(([word]) => word);
}
