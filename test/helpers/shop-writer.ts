import { type Draw, lineCents, orderCents, type RandomOrder, refundCents } from './random-shop.ts';
import { csvBytes } from './shop-csv.ts';
import { DATE_STYLES, STATUSES, two, type WrittenFormat, type WrittenStyle } from './shop-format.ts';

/** The files that a shop was written to, as the import takes them. */
export interface WrittenShop {
  readonly orders: readonly WrittenFile[];
  readonly orderItems: readonly WrittenFile[];
}

/** A file's cells, the header first, and the same as bytes of CSV and as JSON objects. */
export interface WrittenFile {
  readonly cells: readonly (readonly string[])[];
  readonly csv: Uint8Array;
  readonly objects: readonly Readonly<Record<string, unknown>>[];
}

/** A value that files write in their own styles, or a text. */
type Cell = string | { readonly cents: number } | { readonly time: Date } | { readonly customer: string };
type Row = Readonly<Record<string, Cell>>;

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
  const write = (rows: readonly Row[], linesOf?: ReadonlyMap<string, readonly Row[]>): WrittenFile[] => {
    const inOrder = format.order === 'shuffled' && !isTotalFirst ? shuffled(rows, draw) : rows;
    const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return inPieces(inOrder, isTotalFirst ? 1 : format.files).map((piece, at) => {
      const text = (cell: Cell | undefined) => textOf(cell ?? '', format, at);
      const named = (row: Row, value: (cell: Cell) => unknown) =>
        Object.fromEntries(Object.entries(row).map(([field, cell]) => [names[field] ?? field, value(cell)]));
      const json = (cell: Cell) => (format.json === 'numbers' ? plainOf(cell, text(cell)) : text(cell));
      const table = [
        fields.map((field) => names[field] ?? field),
        ...piece.map((row) => fields.map((field) => text(row[field]))),
      ];
      const objects = piece.map((row) => {
        const lines = linesOf?.get(text(row.order));
        return { ...named(row, json), ...(lines && { line_items: lines.map((line) => named(line, json)) }) };
      });
      return { cells: table, csv: csvBytes(table, format), objects };
    });
  };
  return (orders, hasDiscounts) => {
    const orderRows = () => orders.flatMap((order) => orderRowsOf(order, format, cells));
    const lineRows = () => orders.flatMap((order) => lineRowsOf(order, format, { ...cells, hasDiscounts }));
    if (format.layout === 'orders') return { orders: write(orderRows()), orderItems: [] };
    if (format.layout !== 'orders and lines') return { orders: [], orderItems: write(lineRows()) };
    if (!format.isNested || !['json', 'ndjson'].includes(format.packing))
      return { orders: write(orderRows()), orderItems: write(lineRows()) };
    const linesOf = new Map<string, Row[]>();
    for (const { order = '', ...line } of lineRows()) {
      const id = String(order);
      linesOf.set(id, [...(linesOf.get(id) ?? []), line]);
    }
    return { orders: write(orderRows(), linesOf), orderItems: [] };
  };
}

function textOf(cell: Cell, format: WrittenFormat, file: number): string {
  const style = format.styles[file % format.styles.length];
  if (typeof cell === 'string' || style === undefined) return String(cell);
  if ('time' in cell) return DATE_STYLES[style.date](cell.time);
  if ('cents' in cell) return moneyText(cell.cents, style, format.currency);
  const { customer } = cell;
  if (format.ids === 'rounded' && isLong(customer)) return Number(customer).toExponential(5).toUpperCase();
  return format.ids === 'without zeros in some files' && file % 2 === 1
    ? customer.replace(/^0+/, '')
    : customer;
}

/** A number that a spreadsheet shows with an exponent, and then saves so. */
export function isLong(id: string | undefined): boolean {
  return id !== undefined && /^\d{12}$/.test(id);
}

/** A JSON value: a number if the cell is one. */
function plainOf(cell: Cell, text: string): unknown {
  if (typeof cell === 'object' && 'cents' in cell) return cell.cents / 100;
  if (text === '') return null;
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

function moneyText(cents: number, { decimalMark, thousands }: WrittenStyle, currency: string): string {
  const whole = String(Math.floor(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, thousands);
  const text = `${whole}${decimalMark}${two(Math.abs(cents) % 100)}`;
  return `${cents < 0 ? '-' : ''}${currency === '$' ? '$' : ''}${text}${currency === '€' ? ' €' : ''}`;
}

function columnNames(draw: Draw): Readonly<Record<string, string>> {
  return {
    order: draw.oneOf(['order_id', 'Order ID', 'Invoice', 'InvoiceNo', 'order number']),
    customer: draw.oneOf(['customer_id', 'Customer ID', 'CustomerNo', 'Client ID']),
    date: draw.oneOf(['order_date', 'Order Date', 'InvoiceDate', 'ordered_at']),
    total: draw.oneOf(['total_amount', 'Order Total', 'grand_total']),
    currency: draw.oneOf(['currency', 'Currency Code']),
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
  money(cents: number): Cell;
  date(time: Date): Cell;
  customer(id: string | undefined): Cell;
  status(isSale: boolean): string;
  note(): string;
  currency(order: RandomOrder): Row;
}

function cellsOf(format: WrittenFormat, draw: Draw): Cells {
  return {
    money: (cents) => ({ cents }),
    date: (time) => ({ time }),
    customer: (id) => {
      if (id === undefined) return format.nobody;
      if (format.ids === 'some with .0' && /^[1-9]\d*$/.test(id) && draw.chance(0.3)) return `${id}.0`;
      return { customer: id.includes('@') && draw.chance(0.3) ? id.toUpperCase() : id };
    },
    status: (isSale) => draw.oneOf(isSale ? STATUSES[format.language].sale : STATUSES[format.language].none),
    note: () => draw.oneOf(['', 'call first', 'say "hello"', 'two\nlines', 'a,b;c', '17 inch']),
    currency: ({ id }) => {
      if (format.currencies === 'none') return {};
      return {
        currency:
          format.currencies === 'two' && Number(id) % 2 === 1
            ? 'CHF'
            : format.currency === '$'
              ? 'USD'
              : 'EUR',
      };
    },
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
    ...cells.currency(order),
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
          ...cells.currency(order),
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
