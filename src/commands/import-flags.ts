import { ACCEPTABLE, type Acceptable } from '../data/import/acceptable-refusal.ts';
import type { ImportRequest } from '../data/import/import-request.ts';
import type { DiscountForm } from '../data/import/meaning/line-amounts.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';
import { parseName } from './flag-values.ts';
import { writingOf } from './writing-flags.ts';

/** Flags of an import of orders. */
export interface ShopImportFlags {
  /** Files without a flag that says what they hold. */
  readonly unnamed?: string[];
  readonly orders?: string[];
  readonly orderItems?: string[];
  readonly products?: string[];
  readonly customers?: string[];
  readonly map?: string[];
  readonly dateFormat?: string;
  readonly decimal?: string;
  readonly salesStatus?: string;
  readonly guest?: string[];
  readonly notProduct?: string[];
  readonly isProduct?: string[];
  readonly currency?: string;
  readonly rates?: string;
  readonly discount?: string;
  readonly keep?: string[];
  readonly accept?: string[];
  readonly append?: boolean;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const DISCOUNT_FORMS: readonly DiscountForm[] = ['share', 'percent', 'amount', 'piece'];

const NAME_THE_FILES =
  'Name a file of orders (--orders FILE), of order lines (--order-items FILE), or a table of customers (--features FILE).';

/** @throws USAGE */
export function assertFilesHaveFlags({ unnamed: [file] = [] }: ShopImportFlags): void {
  if (file === undefined) return;
  throw new ChurnMcpError('USAGE', `No flag says what ${quoted(file)} holds.`, { hint: NAME_THE_FILES });
}

/** @throws USAGE */
export function shopRequestOf(flags: ShopImportFlags): ImportRequest {
  const { orders, orderItems, products, customers, currency } = flags;
  if (orders === undefined && orderItems === undefined) {
    throw new ChurnMcpError('USAGE', 'There is nothing to import.', { hint: NAME_THE_FILES });
  }
  return {
    orders,
    orderItems,
    products,
    customers,
    ...writingOf(flags),
    map: mappingOf(flags.map ?? []),
    salesStatuses: flags.salesStatus === undefined ? undefined : listOf(flags.salesStatus),
    guests: flags.guest,
    notProducts: flags.notProduct,
    isProducts: flags.isProduct,
    currency,
    rates: flags.rates === undefined ? undefined : parseRates(flags.rates),
    discount:
      flags.discount === undefined
        ? undefined
        : parseName('form of discounts', flags.discount, DISCOUNT_FORMS),
    keep: flags.keep,
    accept: flags.accept?.map((word) => parseName('check', word, Object.keys(ACCEPTABLE) as Acceptable[])),
    mode: modeOf(flags),
    dryRun: flags.dryRun,
  };
}

/** @throws USAGE */
export function mappingOf(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(entries.map(parseMapping));
}

function modeOf({ append, replace }: ShopImportFlags): ImportRequest['mode'] {
  if (append === true && replace === true) {
    throw new ChurnMcpError('USAGE', '--append adds to the existing data, and --replace starts anew.', {
      hint: 'Give only one of them.',
    });
  }
  if (append === true) return 'append';
  return replace === true ? 'replace' : undefined;
}

/** Words separated by commas. */
function listOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `USD=0.92,GBP=1.17`: what one unit is worth in the shop's currency. */
function parseRates(text: string): Record<string, number> {
  const rates = listOf(text).map((entry): [string, number] => {
    const [, code = '', rate = ''] = /^([A-Za-z]{3})=(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
    if (code === '' || Number(rate) <= 0) {
      throw new ChurnMcpError('USAGE', `--rates takes CODE=RATE, not ${quoted(entry)}.`, {
        hint: 'For example, in a shop that counts in euros: --rates USD=0.92,GBP=1.17 --currency EUR',
      });
    }
    return [code.toUpperCase(), Number(rate)];
  });
  return Object.fromEntries(rates);
}

/** `field=column` or `table.field=column`; the column's own name may hold "=". */
function parseMapping(text: string): [field: string, column: string] {
  const equals = text.indexOf('=');
  if (equals > 0 && equals < text.length - 1) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new ChurnMcpError('USAGE', `--map takes FIELD=COLUMN, not ${quoted(text)}.`, {
    hint: 'For example: --map customer_id=Client --map total_amount="Net value"',
  });
}
