import { Buffer } from 'node:buffer';
import { type Draw, lineCents, orderCents, type RandomOrder, refundCents } from './random-shop.ts';

/** The files that a shop was written to, as the import takes them. */
export interface WrittenShop {
  readonly orders: readonly WrittenFile[];
  readonly orderItems: readonly WrittenFile[];
}

/** A file's cells, the header first, and the same as bytes of CSV. */
export interface WrittenFile {
  readonly cells: readonly (readonly string[])[];
  readonly csv: Uint8Array;
}

export interface WrittenFormat {
  readonly layout: 'orders' | 'lines' | 'orders and lines' | 'total on each line' | 'total on first line';
  readonly refunds: 'column' | 'negative lines' | 'refund rows';
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly decimalMark: '.' | ',';
  readonly thousands: '' | '.' | ',' | ' ';
  readonly currency: '' | '€' | '$';
  readonly date: keyof typeof DATE_STYLES;
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
  readonly packing: 'files' | 'folder' | 'zip' | 'workbook';
  /** Whether a part of the shop is imported first, and what is new or has changed is then added. */
  readonly isAppended: boolean;
}

const two = (value: number) => String(value).padStart(2, '0');
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const DATE_STYLES = {
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

const STATUSES = {
  woocommerce: { sale: ['wc-completed', 'wc-processing'], none: ['wc-cancelled', 'wc-failed', 'wc-pending'] },
  english: { sale: ['paid', 'shipped', 'delivered'], none: ['cancelled', 'voided', 'draft', 'refunded'] },
  german: { sale: ['bezahlt', 'versendet'], none: ['storniert', 'fehlgeschlagen', 'unbezahlt'] },
  french: { sale: ['payée', 'expédiée', 'livrée'], none: ['annulée', 'échouée', 'en attente de paiement'] },
  spanish: { sale: ['pagado', 'enviado'], none: ['cancelado', 'fallido', 'pendiente'] },
  polish: { sale: ['zrealizowane'], none: ['anulowane', 'nieopłacone'] },
  events: { sale: ['purchase'], none: ['view', 'cart'] },
} as const;

/** Draws how a shop is written. What cannot be written in a format (a comma's decimals beside grouping commas) is not drawn. */
export function drawFormat(draw: Draw): WrittenFormat {
  const layout = draw.oneOf([
    'orders',
    'lines',
    'orders and lines',
    'total on each line',
    'total on first line',
  ] as const);
  const decimalMark = draw.oneOf(['.', ','] as const);
  const language = draw.oneOf(Object.keys(STATUSES) as (keyof typeof STATUSES)[]);
  return {
    layout,
    refunds:
      layout === 'orders'
        ? draw.oneOf(['column', 'refund rows'] as const)
        : draw.oneOf(['negative lines', 'refund rows'] as const),
    delimiter: draw.oneOf([',', ';', '\t', '|'] as const),
    decimalMark,
    thousands: draw.chance(0.6)
      ? ''
      : draw.oneOf(decimalMark === '.' ? ([',', ' '] as const) : (['.', ' '] as const)),
    currency: draw.chance(0.8) ? '' : draw.oneOf(['€', '$'] as const),
    date: draw.oneOf(Object.keys(DATE_STYLES) as (keyof typeof DATE_STYLES)[]),
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
    packing: draw.chance(0.5) ? 'files' : draw.oneOf(['folder', 'zip', 'workbook'] as const),
    isAppended: draw.chance(0.25),
  };
}

type Row = Readonly<Record<string, string>>;

/**
 * Writes orders in a format, each time with the same columns. Refunds of layouts without lines are a column or rows; with
 * lines they are lines.
 */
export function shopWriter(
  format: WrittenFormat,
  draw: Draw,
): (orders: readonly RandomOrder[], hasDiscounts: boolean) => WrittenShop {
  const names = columnNames(draw);
  const cells = cellsOf(format, draw);
  const isTotalFirst = format.layout === 'total on first line';
  const write = (rows: readonly Row[]): WrittenFile[] => {
    const inOrder = format.order === 'shuffled' && !isTotalFirst ? shuffled(rows, draw) : rows;
    const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return inPieces(inOrder, isTotalFirst ? 1 : format.files).map((piece) => {
      const table = [
        fields.map((field) => names[field] ?? field),
        ...piece.map((row) => fields.map((field) => row[field] ?? '')),
      ];
      return { cells: table, csv: encode(csvText(table, format), format.encoding) };
    });
  };
  return (orders, hasDiscounts) => {
    const orderRows = () => orders.flatMap((order) => orderRowsOf(order, format, cells));
    const lineRows = () => orders.flatMap((order) => lineRowsOf(order, format, { ...cells, hasDiscounts }));
    if (format.layout === 'orders') return { orders: write(orderRows()), orderItems: [] };
    if (format.layout !== 'orders and lines') return { orders: [], orderItems: write(lineRows()) };
    return { orders: write(orderRows()), orderItems: write(lineRows()) };
  };
}

function columnNames(draw: Draw): Readonly<Record<string, string>> {
  return {
    order: draw.oneOf(['order_id', 'Order ID', 'Invoice', 'InvoiceNo', 'order number']),
    customer: draw.oneOf(['customer_id', 'Customer ID', 'CustomerNo', 'Client ID']),
    date: draw.oneOf(['order_date', 'Order Date', 'InvoiceDate', 'ordered_at']),
    total: draw.oneOf(['total_amount', 'Order Total', 'grand_total']),
    refunded: draw.oneOf(['refunded_amount', 'Refunded Amount', 'total_refunded']),
    status: draw.oneOf(['status', 'order_status', 'Order Status', 'Verlauf', 'col7']),
    note: draw.oneOf(['note', 'Remarks']),
    product: draw.oneOf(['product_id', 'SKU', 'StockCode']),
    name: draw.oneOf(['product_name', 'Item Name']),
    pieces: draw.oneOf(['quantity', 'Qty']),
    price: draw.oneOf(['unit_price', 'Price', 'price_each']),
    discount: draw.oneOf(['discount_amount', 'Discount Amount']),
    lineTotal: draw.oneOf(['line_total', 'Row Total', 'Line Amount']),
  };
}

interface Cells {
  money(cents: number): string;
  date(time: Date): string;
  customer(id: string | undefined): string;
  status(isSale: boolean): string;
  note(): string;
}

function cellsOf(format: WrittenFormat, draw: Draw): Cells {
  const { decimalMark, thousands, currency } = format;
  return {
    money: (cents) => {
      const whole = String(Math.floor(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, thousands);
      const text = `${whole}${decimalMark}${two(Math.abs(cents) % 100)}`;
      return `${cents < 0 ? '-' : ''}${currency === '$' ? '$' : ''}${text}${currency === '€' ? ' €' : ''}`;
    },
    date: DATE_STYLES[format.date],
    customer: (id) => {
      if (id === undefined) return format.nobody;
      return id.includes('@') && draw.chance(0.3) ? id.toUpperCase() : id;
    },
    status: (isSale) => draw.oneOf(isSale ? STATUSES[format.language].sale : STATUSES[format.language].none),
    note: () => draw.oneOf(['', 'call first', 'say "hello"', 'two\nlines', 'a,b;c', '17 inch']),
  };
}

function orderRowsOf(order: RandomOrder, format: WrittenFormat, cells: Cells): Row[] {
  const back = refundCents(order);
  const row = {
    order: order.id,
    customer: cells.customer(order.customer),
    date: cells.date(order.time),
    status: cells.status(order.isSale),
    note: cells.note(),
  };
  const isColumn = format.refunds === 'column';
  const isNet = format.layout === 'orders and lines' && format.refunds === 'negative lines';
  const total = orderCents(order) - (isNet ? back : 0);
  const sale = { ...row, total: cells.money(total), ...(isColumn ? { refunded: cells.money(back) } : {}) };
  if (back === 0 || format.refunds !== 'refund rows') return [sale];
  const [refund] = order.refunds;
  return [
    sale,
    {
      ...row,
      order: `C${order.id}`,
      date: cells.date(refund?.time ?? order.time),
      total: cells.money(-back),
    },
  ];
}

function lineRowsOf(
  order: RandomOrder,
  format: WrittenFormat,
  cells: Cells & { readonly hasDiscounts: boolean },
): Row[] {
  const hasOrders = format.layout === 'orders and lines';
  const status = cells.status(order.isSale);
  const back = refundCents(order);
  const isNet = format.refunds === 'negative lines';
  const total = orderCents(order) - (isNet ? back : 0);
  const ofOrder = (id: string, time: Date): Row =>
    hasOrders
      ? { order: id }
      : {
          order: id,
          customer: cells.customer(order.customer),
          date: cells.date(time),
          status,
          note: cells.note(),
        };
  const row = (id: string, time: Date, at: number, pieces: number): Row => {
    const line = order.lines[at];
    if (line === undefined) throw new Error('A refund names a line that is not there.');
    return {
      ...ofOrder(id, time),
      product: line.product,
      name: line.name,
      pieces: String(pieces),
      price: cells.money(line.priceCents),
      ...(cells.hasDiscounts ? { discount: cells.money(line.discountCents) } : {}),
      ...(format.hasLineTotals && !format.layout.startsWith('total')
        ? { lineTotal: cells.money(lineCents({ ...line, pieces })) }
        : {}),
    };
  };
  const sold = order.lines.map(({ pieces }, at) => row(order.id, order.time, at, pieces));
  const given = order.refunds.map(({ line, pieces, time }) =>
    isNet ? row(order.id, order.time, line, -pieces) : row(`C${order.id}`, time, line, -pieces),
  );
  if (!format.layout.startsWith('total')) return [...sold, ...given];
  const all = isNet ? [...sold, ...given] : sold;
  const totalled = all.map((line, at) => ({
    ...line,
    total: format.layout === 'total on each line' || at === 0 ? cells.money(total) : '',
  }));
  return isNet ? totalled : [...totalled, ...given.map((line) => ({ ...line, total: cells.money(-back) }))];
}

function csvText(table: readonly (readonly string[])[], format: WrittenFormat): string {
  const { delimiter, heading, lineEnd } = format;
  const lines = table.map((cells) => cells.map((cell) => csvCell(cell, format)).join(delimiter));
  const above = { nothing: [], title: ['Orders of the shop', ''], 'sep=': [`sep=${delimiter}`] }[heading];
  return [...above, ...lines].join(lineEnd);
}

function csvCell(cell: string, { delimiter, quotes }: WrittenFormat): string {
  const needsQuotes = cell.includes(delimiter) || cell.includes('"') || cell.includes('\n');
  return quotes === 'everywhere' || needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function encode(text: string, encoding: WrittenFormat['encoding']): Uint8Array {
  if (encoding === 'utf-16') return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (encoding === 'cp1252') return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1');
  return Buffer.from(encoding === 'utf-8' ? text : `\ufeff${text}`, 'utf8');
}

function shuffled<Item>(items: readonly Item[], draw: Draw): Item[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = draw.number(0, at);
    const [one, two] = [mixed[at], mixed[other]];
    if (one === undefined || two === undefined) continue;
    mixed[at] = two;
    mixed[other] = one;
  }
  return mixed;
}

/** Every file has the header, so that none is empty of columns. */
function inPieces<Item>(items: readonly Item[], count: number): Item[][] {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size)).filter(
    (piece) => piece.length > 0,
  );
}
