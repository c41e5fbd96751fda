import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../../src/data/data-home.ts';
import type { ImportRequest } from '../../../../src/data/import/import-request.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith, refusal } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');

/** Imports JSON text as the orders into a new home. */
async function importJson(text: string, extra: ImportRequest = {}, name = 'orders.json') {
  const home = await newTestHome();
  const report = await importShop({ orders: await fileWith(name, text), ...extra }, { home, now: NOW });
  return { report, home };
}

async function linesOf(home: string): Promise<string[]> {
  await using provider = openDataHome(home);
  const data = await provider.current();
  const rows = await data.rows(
    {
      text: 'select order_id, product_id, product_name, quantity, line_total from raw.order_items order by order_id, order_item_id',
      values: [],
    },
    z.object({
      order_id: z.string(),
      product_id: z.union([z.string(), z.number()]),
      product_name: z.string().nullable(),
      quantity: z.number(),
      line_total: z.number().nullable(),
    }),
  );
  return rows.map((line) =>
    Object.values(line)
      .map((value) => value ?? '-')
      .join(' '),
  );
}

const order = (id: number, customer: string, total: string, items: unknown, rest: object = {}) => ({
  id,
  customer: { id: customer },
  created_at: `2025-03-0${id}T10:00:00Z`,
  total,
  items,
  ...rest,
});
const ORDERS = [
  order(1, 'a', '27.50', [
    { sku: 'T', name: 'Tea', quantity: 2, price: '10.00' },
    { sku: 'C', name: 'Cup', quantity: 1, price: '5.00' },
  ]),
  order(2, 'b', '10.00', [{ sku: 'T', name: 'Tea', quantity: 1, price: '10.00' }]),
  order(3, 'a', '4.00', []),
];
const asLines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');

describe('orders that hold their lines as a list', () => {
  it.each([
    ['an array', JSON.stringify(ORDERS)],
    ['one object per line', asLines(ORDERS)],
    ['a document with a list of orders', JSON.stringify({ orders: ORDERS, next: null }, null, 1)],
  ])('give orders and lines, as %s; the total is the order’s', async (_, text) => {
    const { report, home } = await importJson(text);
    expect(report.ledger).toMatchObject({
      orders: 3,
      customers: 2,
      revenue: '41.5000',
      lines: 3,
      products: 2,
    });
    expect(await linesOf(home)).toEqual(['1 T Tea 2 20', '1 C Cup 1 5', '2 T Tea 1 10']);
    expect(report.notes).toContain(
      'The lines of the orders in "orders.json" are those of the list "items"; order totals are the orders’ own.',
    );
  });

  it('are one order if the file holds a single one', async () => {
    const lonely = await importJson(JSON.stringify(ORDERS[0]));
    expect(lonely.report.ledger).toMatchObject({ orders: 1, revenue: '27.5000', lines: 2 });
    const pretty = await importJson(JSON.stringify(ORDERS[0], null, 2));
    expect(pretty.report.ledger).toMatchObject({ orders: 1, revenue: '27.5000', lines: 2 });
  });

  it('may be given as a file of order lines', async () => {
    const { report } = await importJson('', {
      orders: undefined,
      orderItems: await fileWith('lines.ndjson', asLines(ORDERS)),
    });
    expect(report.ledger).toMatchObject({ orders: 3, revenue: '41.5000', lines: 3 });
  });

  it('have the sum of their lines as the total if they have none', async () => {
    const { report } = await importJson(asLines(ORDERS.slice(0, 2).map(({ total: _, ...rest }) => rest)));
    expect(report.ledger).toMatchObject({ orders: 2, revenue: '35.0000', lines: 3 });
  });

  it('have each line once, if an order stands in two files', async () => {
    const one = await fileWith('page1.json', JSON.stringify(ORDERS.slice(0, 2)));
    const two = await fileWith('page2.json', JSON.stringify(ORDERS.slice(1)));
    const { report } = await importJson('', { orders: [one, two] });
    expect(report.ledger).toMatchObject({ orders: 3, revenue: '41.5000', lines: 3 });
  });

  it('keep equal lines of one order apart', async () => {
    const line = { sku: 'T', name: 'Tea', quantity: 1, price: '10.00' };
    const { report } = await importJson(JSON.stringify([order(1, 'a', '20.00', [line, line])]));
    expect(report.ledger).toMatchObject({ revenue: '20.0000', lines: 2 });
  });

  it('name a product by the column that --map names', async () => {
    const items = [{ ref: 'T-1', sku: 'x', count: 3 }];
    const text = JSON.stringify([order(1, 'a', '9.00', items)]);
    const { home } = await importJson(text, { map: { product_id: 'items.ref', quantity: 'items.count' } });
    expect(await linesOf(home)).toEqual(['1 T-1 - 3 -']);
  });

  it('are adjacent to a file of lines, which wins', async () => {
    const orderItems = await fileWith('lines.csv', 'order_id,product_id,quantity,unit_price\n1,Z,1,27.5\n');
    const { home } = await importJson(JSON.stringify(ORDERS), { orderItems });
    expect(await linesOf(home)).toEqual(['1 Z - 1 27.5']);
  });

  it('are known in the wrapping of GraphQL', async () => {
    const lineItems = {
      edges: [{ node: { sku: 'T', title: 'Tea', quantity: 2, price: '10.00' } }],
    };
    const text = asLines([order(1, 'a', '20.00', [], { items: undefined, lineItems })]);
    const { home } = await importJson(text, { map: { total_amount: 'total' } }, 'orders.ndjson');
    expect(await linesOf(home)).toEqual(['1 T Tea 2 20']);
  });
});

describe('a list whose lines are not understood', () => {
  const unclear = [order(1, 'a', '9.00', [{ thing: 'T', much: 3 }])];

  it('is refused with the columns and the flag that names the product', async () => {
    expect(await refusal(importJson(JSON.stringify(unclear)))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders of "orders.json" hold the list "items", but none of its columns is known as the product’s. Its columns are: "thing", "much". Name the product’s with --map product_id=items.COLUMN, or read the orders without lines: --map product_id=none."`,
    );
  });

  it('is left out with --map product_id=none', async () => {
    const { report } = await importJson(JSON.stringify(unclear), { map: { product_id: 'none' } });
    expect(report.ledger).toMatchObject({ orders: 1, revenue: '9.0000', lines: 0 });
  });

  it('is asked for if several lists look like lines', async () => {
    const line = { sku: 'T', quantity: 1 };
    const text = JSON.stringify([order(1, 'a', '9.00', [line], { products: [line] })]);
    expect(await refusal(importJson(text))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders of "orders.json" have several lists that may be their lines: "items", "products". Name the column of the product in the right one, for example --map product_id=items.COLUMN, or read the orders without lines: --map product_id=none."`,
    );
    const { report } = await importJson(text, { map: { product_id: 'products.sku' } });
    expect(report.ledger.lines).toBe(1);
  });

  it('is refused if a map names a column that it does not have', async () => {
    const map = { product_id: 'items.sku', quantity: 'items.pieces' };
    expect(await refusal(importJson(JSON.stringify(ORDERS), { map }))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders of "orders.json" have no column "items.pieces" in the list "items", which --map names for quantity. The list’s columns are: "sku", "name", "quantity", "price"."`,
    );
  });

  it('does not give an order one of several values', async () => {
    const text = JSON.stringify([order(1, 'a', '9.00', [{ sku: 'T', quantity: 1, paid: 'x' }])]);
    expect(await refusal(importJson(text, { map: { payment_status: 'items.paid' } }))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The column "items.paid", which --map names for payment_status, is in a list, so an order has several values of it. Name a column with one value for each order."`,
    );
  });

  it('of another kind is left alone', async () => {
    const text = JSON.stringify([
      order(1, 'a', '9.00', [], { tags: ['x'], meta_data: [{ key: 'k', value: 1 }] }),
    ]);
    const { report } = await importJson(text);
    expect(report.ledger).toMatchObject({ orders: 1, revenue: '9.0000', lines: 0 });
  });
});

/** Orders as the documentation of each API shows them, shortened. */
const SHOPIFY = {
  id: 450789469,
  name: '#1001',
  order_number: 1001,
  email: 'bob@example.org',
  created_at: '2025-01-10T11:00:00-05:00',
  processed_at: '2025-01-10T11:00:00-05:00',
  financial_status: 'partially_refunded',
  fulfillment_status: null,
  total_price: '598.94',
  subtotal_price: '597.00',
  currency: 'USD',
  test: false,
  customer: { id: 207119551, email: 'bob@example.org' },
  tax_lines: [{ price: '11.94', rate: 0.06, title: 'State Tax' }],
  refunds: [
    {
      id: 509562969,
      transactions: [{ id: 179259969, amount: '209.00', kind: 'refund' }],
      refund_line_items: [{ id: 104689539, quantity: 1, line_item_id: 703073504, subtotal: 195.67 }],
    },
  ],
  line_items: [
    {
      id: 466157049,
      product_id: 632910392,
      variant_id: 39072856,
      sku: 'IPOD2008GREEN',
      title: 'IPod Nano - 8gb',
      name: 'IPod Nano - 8gb - green',
      quantity: 1,
      price: '199.00',
      total_discount: '0.00',
      tax_lines: [{ price: '3.98' }],
    },
    {
      id: 518995019,
      product_id: 632910392,
      sku: 'IPOD2008RED',
      title: 'IPod Nano - 8gb',
      quantity: 2,
      price: '199.00',
      total_discount: '10.00',
    },
  ],
};
const WOOCOMMERCE = {
  id: 727,
  order_key: 'wc_order_58d2d042d1d',
  number: '727',
  status: 'processing',
  currency: 'EUR',
  date_created: '2025-03-22T16:28:02',
  date_created_gmt: '2025-03-22T19:28:02',
  discount_total: '0.00',
  shipping_total: '10.00',
  total: '29.35',
  total_tax: '1.35',
  customer_id: 0,
  billing: { email: 'john.doe@example.org', country: 'US' },
  meta_data: [{ id: 13106, key: '_download_permissions_granted', value: 'yes' }],
  line_items: [
    {
      id: 315,
      name: 'Woo Single #1',
      product_id: 93,
      variation_id: 0,
      quantity: 2,
      subtotal: '6.00',
      total: '6.00',
      sku: '',
      price: 3,
    },
    {
      id: 316,
      name: 'Ship Your Idea',
      product_id: 22,
      variation_id: 23,
      quantity: 1,
      subtotal: '12.00',
      total: '12.00',
      sku: 'Bar3',
      price: 12,
    },
  ],
  shipping_lines: [{ id: 317, method_title: 'Flat Rate', total: '10.00' }],
  refunds: [
    { id: 726, reason: '', total: '-10.00' },
    { id: 724, reason: '', total: '-9.35' },
  ],
};
const CHECKOUT = {
  id: 'cs_1',
  object: 'checkout.session',
  amount_subtotal: 2198,
  amount_total: 2198,
  created: 1736503200,
  currency: 'usd',
  customer: null,
  customer_details: { email: 'jenny@example.org', address: { country: 'US' } },
  livemode: true,
  payment_status: 'paid',
  status: 'complete',
  line_items: {
    object: 'list',
    data: [
      {
        id: 'li_1',
        amount_total: 2198,
        amount_subtotal: 2198,
        description: 'T-shirt',
        price: { id: 'price_1', product: 'prod_1', unit_amount: 1099 },
        quantity: 2,
      },
    ],
  },
};
const INVOICE = {
  id: 'in_1',
  object: 'invoice',
  amount_due: 1500,
  amount_paid: 1500,
  amount_remaining: 0,
  created: 1736503200,
  currency: 'eur',
  customer: 'cus_1',
  status: 'paid',
  lines: {
    object: 'list',
    data: [
      {
        id: 'il_1',
        amount: 1500,
        description: 'Tea box',
        quantity: 1,
        price: { id: 'price_2', product: 'prod_2' },
      },
    ],
  },
};
const MAGENTO = {
  entity_id: 4,
  increment_id: '000000004',
  state: 'processing',
  status: 'processing',
  customer_email: 'roni@example.org',
  created_at: '2025-02-01 10:00:00',
  base_grand_total: 59.5,
  grand_total: 59.5,
  base_currency_code: 'EUR',
  items: [
    {
      item_id: 8,
      order_id: 4,
      product_id: 12,
      sku: 'WS12',
      name: 'Tank',
      qty_ordered: 2,
      base_price: 22,
      price: 22,
      base_row_total: 44,
      row_total: 44,
      product_type: 'simple',
    },
  ],
};

describe('the API of a shop system', () => {
  const json = (row: object) => JSON.stringify([row]);

  it.each([
    [
      'Shopify',
      json(SHOPIFY),
      { revenue: '389.9400', lines: 2, currency: 'USD' },
      ['450789469 632910392 IPod Nano - 8gb 1 199', '450789469 632910392 IPod Nano - 8gb 2 388'],
    ],
    [
      'Shopify since 2021',
      json({ ...SHOPIFY, current_total_price: '390.00' }),
      { revenue: '390.0000', lines: 2 },
      ['450789469 632910392 IPod Nano - 8gb 1 199', '450789469 632910392 IPod Nano - 8gb 2 388'],
    ],
    [
      'WooCommerce',
      json(WOOCOMMERCE),
      { revenue: '10.0000', lines: 2, currency: 'EUR' },
      ['727 93 Woo Single #1 2 6', '727 22 Ship Your Idea 1 12'],
    ],
    [
      'Stripe checkouts',
      json(CHECKOUT),
      { revenue: '21.9800', lines: 1, currency: 'USD' },
      ['cs_1 prod_1 T-shirt 2 21.98'],
    ],
    [
      'Stripe invoices',
      JSON.stringify({ object: 'list', data: [INVOICE], has_more: false }),
      { revenue: '15.0000', lines: 1 },
      ['in_1 prod_2 Tea box 1 15'],
    ],
    [
      'Magento',
      JSON.stringify({ items: [MAGENTO], search_criteria: {}, total_count: 1 }),
      { revenue: '59.5000', lines: 1 },
      ['4 12 Tank 2 44'],
    ],
  ])('gives %s’s orders net of refunds, and their lines', async (_, text, ledger, lines) => {
    const { report, home } = await importJson(text);
    expect(report.ledger).toMatchObject({ orders: 1, customers: 1, ...ledger });
    expect(await linesOf(home)).toEqual(lines);
  });

  it('gives a refund that is no number as the reason why the order is not used', async () => {
    const refunds = [{ total: '-1.00' }, { total: 'much' }];
    const rows = [...Array(11).keys()].map((at) => ({
      ...WOOCOMMERCE,
      id: at,
      refunds: at === 0 ? refunds : [],
    }));
    const { report } = await importJson(JSON.stringify(rows));
    expect(report.ledger).toMatchObject({ orders: 10, revenue: '293.5000' });
    expect(report.ledger.left_out).toMatchObject([{ reason: 'amount is not a number', orders: 1 }]);
  });
});
