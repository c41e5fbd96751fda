import { z } from 'zod';
import type { Row } from './row-check.ts';
import type { RowKind } from './row-kinds.ts';

/** Rows of one event of a shop system, by kind. */
export type WebhookRows = readonly { readonly kind: RowKind; readonly row: Row }[];

const id = z.union([z.number().int(), z.string()]).transform(String);
const text = z.string().nullish();

const shopifyCustomer = z.object({ id, first_name: text, last_name: text, email: text, phone: text });
const shopifyRefund = z.object({
  id,
  transactions: z.array(z.object({ kind: text, status: text, amount: z.string() })).default([]),
});
const shopifyOrder = z.object({
  id,
  created_at: z.string(),
  cancelled_at: text,
  test: z.boolean().nullish(),
  financial_status: text,
  total_price: z.string(),
  currency: text,
  source_name: text,
  customer: shopifyCustomer.nullish(),
  shipping_address: z.object({ country_code: text }).nullish(),
  line_items: z
    .array(
      z.object({
        id,
        product_id: id.nullish(),
        title: text,
        quantity: z.number(),
        current_quantity: z.number().nullish(),
        price: z.string(),
        total_discount: text,
      }),
    )
    .default([]),
  refunds: z.array(shopifyRefund).default([]),
});

/** @returns undefined for a topic that says nothing about orders or customers; throws a ZodError for another content */
export function rowsOfShopify(topic: string, event: unknown): WebhookRows | undefined {
  if (topic.startsWith('customers/')) return [shopifyPerson(shopifyCustomer.parse(event))];
  if (!topic.startsWith('orders/')) return undefined;
  const order = shopifyOrder.parse(event);
  const person = order.customer ?? undefined;
  return [
    {
      kind: 'orders',
      row: {
        order_id: order.id,
        customer_id: person?.id,
        order_date: order.created_at,
        payment_status: order.financial_status,
        cancelled_at: order.cancelled_at,
        is_test: order.test === true ? 'true' : undefined,
        total_amount: order.total_price,
        currency: order.currency,
        country: order.shipping_address?.country_code,
        channel: order.source_name,
      },
    },
    ...order.line_items.map((line) => ({
      kind: 'order_items' as const,
      row: {
        order_item_id: line.id,
        order_id: order.id,
        // A line that was typed in by hand has no product.
        product_id: line.product_id,
        product_name: line.title,
        quantity: line.current_quantity ?? line.quantity,
        unit_price: line.price,
        line_discount: line.total_discount,
      },
    })),
    ...order.refunds.flatMap((refund) => shopifyReturn(order.id, refund)),
    ...(person === undefined ? [] : [shopifyPerson(person)]),
  ];
}

function shopifyPerson({ id: customer, ...person }: z.infer<typeof shopifyCustomer>) {
  return { kind: 'customers' as const, row: { customer_id: customer, ...person } };
}

function shopifyReturn(
  order: string,
  { id: refund, transactions }: z.infer<typeof shopifyRefund>,
): WebhookRows {
  const paid = transactions.filter(({ kind, status }) => kind === 'refund' && status === 'success');
  const amount = paid.reduce((sum, transaction) => sum + Math.round(Number(transaction.amount) * 10_000), 0);
  if (amount <= 0) return [];
  return [{ kind: 'returns', row: { return_id: refund, order_id: order, amount: amount / 10_000 } }];
}

const wooOrder = z.object({
  id,
  date_created_gmt: z.string(),
  status: z.string(),
  total: z.string(),
  currency: text,
  created_via: text,
  customer_id: z.number().nullish(),
  billing: z.object({ email: text, country: text }).nullish(),
  line_items: z
    .array(z.object({ id, product_id: z.number(), name: text, quantity: z.number(), total: z.string() }))
    .default([]),
  refunds: z.array(z.object({ id, total: z.string() })).default([]),
});
const wooCustomer = z.object({ id, first_name: text, last_name: text, email: text });
const wooDeleted = z.object({ id });

/** As `rowsOfShopify`, for WooCommerce. An order by a guest is that of the e-mail address. */
export function rowsOfWooCommerce(topic: string, event: unknown): WebhookRows | undefined {
  if (topic === 'order.deleted') {
    const order = wooDeleted.parse(event);
    return [{ kind: 'orders', row: { order_id: order.id, order_status: 'cancelled' } }];
  }
  if (topic === 'customer.created' || topic === 'customer.updated') {
    const { id: customer, ...person } = wooCustomer.parse(event);
    return [{ kind: 'customers', row: { customer_id: customer, ...person } }];
  }
  if (!topic.startsWith('order.')) return undefined;
  const order = wooOrder.parse(event);
  const account = order.customer_id ?? 0;
  return [
    {
      kind: 'orders',
      row: {
        order_id: order.id,
        customer_id: account > 0 ? String(account) : order.billing?.email,
        order_date: `${order.date_created_gmt}Z`,
        order_status: order.status,
        total_amount: order.total,
        currency: order.currency,
        country: order.billing?.country,
        channel: order.created_via,
      },
    },
    ...order.line_items.map((line) => ({
      kind: 'order_items' as const,
      row: {
        order_item_id: line.id,
        order_id: order.id,
        product_id: line.product_id > 0 ? String(line.product_id) : undefined,
        product_name: line.name,
        quantity: line.quantity,
        line_total: line.total,
      },
    })),
    ...order.refunds.map((refund) => ({
      kind: 'returns' as const,
      row: { return_id: refund.id, order_id: order.id, amount: Math.abs(Number(refund.total)) },
    })),
  ];
}
