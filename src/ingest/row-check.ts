import { KINDS, type RowKind } from './row-kinds.ts';

/** A row as a sender wrote it: one value per field. */
export type Row = Readonly<Record<string, unknown>>;

const MOST_ID_CHARACTERS = 256;
const MOST_AMOUNT = 1e12;
const ISO_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/**
 * Why a row cannot go into the log, or undefined. Only what the log itself needs is checked here: a key, dates and numbers that
 * have one meaning. What the values mean (which status is a sale, who is a guest) is decided by the statements of the import,
 * when the log is folded into a snapshot.
 */
export function reasonAgainst(kind: RowKind, row: Row): string | undefined {
  const { key, fields } = KINDS[kind];
  if (isEmpty(row[key])) return `missing ${key}`;
  for (const name in row) {
    const type = fields[name];
    if (type === undefined) continue;
    const value = row[name];
    if (isEmpty(value)) continue;
    if (typeof value === 'object') return `${name} is no single value`;
    const problem = CHECKS[type](value);
    if (problem !== undefined) return `${name} ${problem}`;
  }
  return NEEDS[kind](row);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

const CHECKS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  id: (value) => {
    if (typeof value === 'boolean') return 'is no id';
    if (typeof value === 'string') {
      if (value.trim() === '') return 'is no id';
      return value.length > MOST_ID_CHARACTERS ? 'is longer than 256 characters' : undefined;
    }
    return Number.isInteger(value) ? undefined : 'is no id';
  },
  text: () => undefined,
  flag: () => undefined,
  number: (value) => (isNumber(value) ? undefined : 'is not a number'),
  amount: (value) => {
    if (!isNumber(value)) return 'is not a number';
    if (Number(value) < 0) return 'is negative: send what was given back as a row of kind returns';
    return undefined;
  },
  date: (value) =>
    typeof value === 'string' && ISO_TIME.test(value)
      ? undefined
      : 'is no date such as 2026-01-31 or 2026-01-31T12:30:00Z',
};

function isNumber(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) < MOST_AMOUNT;
  return typeof value === 'string' && NUMBER.test(value) && Math.abs(Number(value)) < MOST_AMOUNT;
}

const NEEDS: Readonly<Record<RowKind, (row: Row) => string | undefined>> = {
  orders: (row) => {
    // A row that says that an order is none may name the order alone.
    const saysStatus =
      !isEmpty(row.order_status) || !isEmpty(row.payment_status) || !isEmpty(row.cancelled_at);
    return saysStatus ? undefined : firstMissing(row, ['customer_id', 'order_date']);
  },
  order_items: (row) => {
    if (isEmpty(row.product_id) && isEmpty(row.product_name)) return 'missing product_id';
    return firstMissing(row, ['order_id']);
  },
  customers: () => undefined,
  products: () => undefined,
  returns: (row) => firstMissing(row, ['order_id', 'amount']),
};

function firstMissing(row: Row, fields: readonly string[]): string | undefined {
  const missing = fields.find((field) => isEmpty(row[field]));
  return missing === undefined ? undefined : `missing ${missing}`;
}
