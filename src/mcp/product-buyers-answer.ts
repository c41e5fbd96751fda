/** The answer about one product: who would buy it, or why it is offered to the customers named. */
import type { TableFormat } from '../data/table-file.ts';
import { offerColumns } from './list-columns.ts';
import { customerList, writeList } from './list-export.ts';
import { offerFieldsOf } from './offer-fields.ts';
import { type BuyersPage, productBuyersText } from './product-buyers-text.ts';
import { fittingRows } from './result-size.ts';
import { labelFieldsOf, type ResponseFormat } from './schemas.ts';
import type { ProductBuyers, ToolContext } from './tool-context.ts';

const DEFAULT_CUSTOMERS = 10;

export interface BuyersArguments {
  readonly product: string;
  readonly customer_ids?: string[] | undefined;
  readonly n_customers?: number | undefined;
  readonly offset: number;
  readonly as_of?: string | undefined;
  readonly version?: string | undefined;
  readonly export?: TableFormat | undefined;
  readonly response_format: ResponseFormat;
}

export async function answerBuyers(args: BuyersArguments, context: ToolContext) {
  const { product, offset, response_format: format, customer_ids: customerIds } = args;
  const limit = args.n_customers ?? customerIds?.length ?? DEFAULT_CUSTOMERS;
  const { recommendations, signal, progress, mayTrain } = context;
  const buyers = (range: { limit: number; offset: number }) =>
    recommendations.buyers(
      { product, customerIds, asOf: args.as_of, version: args.version, ...range },
      { signal, onProgress: progress, mayTrain },
    );
  const found = await buyers({ limit, offset });
  const page = { offset, isNamed: customerIds !== undefined, format };
  const answer = (rows: number) => answerOf({ ...found, customers: found.customers.slice(0, rows) }, page);
  const fitting = answer(fittingRows(found.customers.length, answer));
  if (args.export === undefined) return fitting;
  const whole = await buyers({ limit: Number.MAX_SAFE_INTEGER, offset: 0 });
  return { ...fitting, ...(await writeList(context, await listOf(whole, context), args.export)) };
}

function answerOf(found: ProductBuyers & { readonly trainedNow: boolean }, page: BuyersPage) {
  const { card, customers, listableCustomers, trainedNow } = found;
  const end = page.offset + customers.length;
  return {
    model: card.model,
    version: card.version,
    ...labelFieldsOf(card),
    as_of: card.as_of,
    segment: null,
    customers: offersOf(found, page.offset).map(({ customerId, ...offer }) => ({
      customer_id: customerId,
      recommendations: [offerFieldsOf(offer)],
    })),
    next_offset: end < listableCustomers && customers.length > 0 ? end : null,
    total_customers: customers.length,
    total_recommendations: customers.length,
    trained_now: trainedNow,
    text: productBuyersText(found, page),
  };
}

/** The product as an offer to each customer of a page; the rank is the customer's. */
function offersOf({ product, customers }: ProductBuyers, offset: number) {
  const { productId, name: productName, category: productCategory } = product;
  return customers.map(({ customerId, purchaseProbability, reason }, i) => ({
    customerId,
    rank: offset + i + 1,
    productId,
    productName,
    productCategory,
    purchaseProbability,
    reason,
  }));
}

function listOf(found: ProductBuyers, context: ToolContext) {
  const offers = offersOf(found, 0);
  const customerIds = offers.map(({ customerId }) => customerId);
  const list = { name: 'likely-buyers', asOf: found.asOf, customerIds, withOffers: false };
  return customerList(context, list, offerColumns(offers, found));
}
