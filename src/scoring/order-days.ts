import { z } from 'zod';
import type { DataSource, Id } from '../data/data-source.ts';

/** A day on which a customer ordered; the amount is in the shop's currency. */
export interface OrderDay {
  readonly day: string;
  readonly orders: number;
  readonly amount: number;
}

const rowSchema = z.object({ order_day: z.string(), orders: z.number(), amount: z.number() });

/** A customer's latest 200 days with orders up to a day, oldest first. */
export async function readOrderDays(
  data: DataSource,
  { customerId, asOf }: { readonly customerId: Id; readonly asOf: string },
  signal: AbortSignal | undefined,
): Promise<OrderDay[]> {
  const file = 'portable/reads/order_days_of_customer';
  const rows = await data.rows({ file, values: [String(customerId), asOf], signal }, rowSchema);
  return rows.map(({ order_day, orders, amount }) => ({ day: order_day, orders, amount }));
}
