import type { Draw } from './random-shop.ts';

/** How numbers and dates are written in a file. */
export interface WrittenStyle {
  readonly decimalMark: '.' | ',';
  readonly thousands: '' | '.' | ',' | ' ';
  readonly date: keyof typeof DATE_STYLES;
}

export interface WrittenFormat {
  readonly layout: 'orders' | 'lines' | 'orders and lines' | 'total on each line' | 'total on first line';
  readonly refunds: 'column' | 'negative lines' | 'refund rows';
  readonly delimiter: ',' | ';' | '\t' | '|';
  /** The style of a file, in turn: all files have the same, or every other file has another. */
  readonly styles: readonly WrittenStyle[];
  /** What a spreadsheet made of the ids of customers. */
  readonly ids: 'as they are' | 'some with .0' | 'without zeros in some files' | 'rounded';
  /** Whether a column names the currency of each order; amounts in two currencies cannot be added up. */
  readonly currencies: 'none' | 'one' | 'two';
  readonly currency: '' | '€' | '$';
  readonly encoding: 'utf-8' | 'utf-8 with mark' | 'cp1252' | 'utf-16';
  readonly quotes: 'everywhere' | 'where needed';
  readonly lineEnd: '\n' | '\r\n';
  readonly nobody: string;
  readonly language: keyof typeof STATUSES;
  readonly files: number;
  readonly order: 'as sold' | 'shuffled';
  readonly hasLineTotals: boolean;
  /** What stands before the header. */
  readonly heading: 'nothing' | 'title' | 'sep=';
  readonly packing: 'files' | 'folder' | 'zip' | 'workbook' | 'json' | 'ndjson';
  /** Values in JSON files: as in other files, or as numbers if they are. */
  readonly json: 'text' | 'numbers';
  /** Whether orders in JSON files have their lines as a list. */
  readonly isNested: boolean;
  /** Whether a part of the shop is imported first, and what is new or has changed is then added. */
  readonly isAppended: boolean;
}

export const two = (value: number) => String(value).padStart(2, '0');
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

export const DATE_STYLES = {
  iso: (time: Date) => time.toISOString().slice(0, 10),
  'iso time': (time: Date) => time.toISOString().slice(0, 19).replace('T', ' '),
  'iso T Z': (time: Date) => `${time.toISOString().slice(0, 19)}Z`,
  'iso offset': (time: Date) => `${time.toISOString().slice(0, 19).replace('T', ' ')} -0500`,
  dmy: (time: Date) => `${two(time.getUTCDate())}/${two(time.getUTCMonth() + 1)}/${time.getUTCFullYear()}`,
  'mdy time': (time: Date) =>
    `${time.getUTCMonth() + 1}/${time.getUTCDate()}/${time.getUTCFullYear()} ${time.getUTCHours()}:${two(time.getUTCMinutes())}`,
  'd.m.y': (time: Date) =>
    `${two(time.getUTCDate())}.${two(time.getUTCMonth() + 1)}.${time.getUTCFullYear()}`,
  'd-MON-y': (time: Date) =>
    `${two(time.getUTCDate())}-${MONTHS[time.getUTCMonth()]}-${String(time.getUTCFullYear()).slice(2)}`,
  compact: (time: Date) => time.toISOString().slice(0, 10).replaceAll('-', ''),
  'epoch seconds': (time: Date) => String(Math.floor(time.getTime() / 1000)),
} as const;

export const STATUSES = {
  woocommerce: { sale: ['wc-completed', 'wc-processing'], none: ['wc-cancelled', 'wc-failed', 'wc-pending'] },
  english: { sale: ['paid', 'shipped', 'delivered'], none: ['cancelled', 'voided', 'draft', 'refunded'] },
  german: { sale: ['bezahlt', 'versendet'], none: ['storniert', 'fehlgeschlagen', 'unbezahlt'] },
  french: { sale: ['payée', 'expédiée', 'livrée'], none: ['annulée', 'échouée', 'en attente de paiement'] },
  spanish: { sale: ['pagado', 'enviado'], none: ['cancelado', 'fallido', 'pendiente'] },
  polish: { sale: ['zrealizowane'], none: ['anulowane', 'nieopłacone'] },
  events: { sale: ['purchase'], none: ['view', 'cart'] },
} as const;

function drawStyle(draw: Draw): WrittenStyle {
  const decimalMark = draw.oneOf(['.', ','] as const);
  return {
    decimalMark,
    thousands: draw.chance(0.6)
      ? ''
      : draw.oneOf(decimalMark === '.' ? ([',', ' '] as const) : (['.', ' '] as const)),
    date: draw.oneOf(Object.keys(DATE_STYLES) as (keyof typeof DATE_STYLES)[]),
  };
}

/** Days of a clock with an offset are those of UTC beside other dates, so such dates are in all files or none. */
function drawStyles(draw: Draw): WrittenStyle[] {
  const styles = Array.from({ length: draw.chance(0.6) ? 1 : 2 }, () => drawStyle(draw));
  const hasOffsets = styles.some(({ date }) => date === 'iso offset');
  return hasOffsets ? styles.map((style) => ({ ...style, date: 'iso offset' as const })) : styles;
}

/** Draws how a shop is written. What cannot be written in a format (a comma's decimals beside grouping commas) is not drawn. */
export function drawFormat(draw: Draw): WrittenFormat {
  const layout = draw.oneOf([
    'orders',
    'lines',
    'orders and lines',
    'total on each line',
    'total on first line',
  ] as const);
  const language = draw.oneOf(Object.keys(STATUSES) as (keyof typeof STATUSES)[]);
  return {
    layout,
    refunds:
      layout === 'orders'
        ? draw.oneOf(['column', 'refund rows'] as const)
        : draw.oneOf(['negative lines', 'refund rows'] as const),
    delimiter: draw.oneOf([',', ';', '\t', '|'] as const),
    styles: drawStyles(draw),
    ids: draw.chance(0.5)
      ? 'as they are'
      : draw.oneOf(['some with .0', 'without zeros in some files', 'rounded'] as const),
    currencies: draw.chance(0.7) ? 'none' : draw.chance(0.8) ? 'one' : 'two',
    currency: draw.chance(0.8) ? '' : draw.oneOf(['€', '$'] as const),
    // Polish words cannot be written in Windows-1252.
    encoding: draw.oneOf(
      language === 'polish'
        ? (['utf-8'] as const)
        : (['utf-8', 'utf-8', 'utf-8 with mark', 'cp1252', 'utf-16'] as const),
    ),
    quotes: draw.oneOf(['everywhere', 'where needed'] as const),
    lineEnd: draw.oneOf(['\n', '\r\n'] as const),
    nobody: draw.oneOf(['', 'NULL', 'nan', 'N/A', '\\N', '-', '0', 'guest']),
    language,
    files: draw.chance(0.7) ? 1 : draw.number(2, 3),
    order: draw.oneOf(['as sold', 'shuffled'] as const),
    hasLineTotals: draw.chance(0.4),
    heading: draw.chance(0.7) ? 'nothing' : draw.oneOf(['title', 'sep='] as const),
    packing: draw.chance(0.5)
      ? 'files'
      : draw.oneOf(['folder', 'zip', 'workbook', 'json', 'ndjson'] as const),
    json: draw.oneOf(['text', 'numbers'] as const),
    isNested: draw.chance(0.5),
    isAppended: draw.chance(0.25),
  };
}
