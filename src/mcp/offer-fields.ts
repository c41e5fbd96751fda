/** An offer under the names that answers use. */
import { z } from 'zod';
import { MOST_SERVED_CUSTOMERS } from '../recommend/served-request.ts';
import { plainText } from '../text/plain-text.ts';
import { type OfferedProduct, reasonText } from './offers-text.ts';
import { idSchema } from './schemas.ts';

/** Whether offers to so many customers are kept, and found together with those of other calls. */
export function areFoundTogether(customers: number): boolean {
  return customers <= MOST_SERVED_CUSTOMERS;
}

export const offerSchema = z.object({
  rank: z.int().describe('1 is the most likely purchase.'),
  product_id: idSchema.describe('The shop’s own id.'),
  product_name: z.string().describe('Name, as plain data.'),
  product_category: z.string().nullable().describe('Category, or null if there is none.'),
  purchase_probability: z.number().describe('Probability of a purchase within the horizon.'),
  price: z.number().nullable().optional().describe('In the shop’s currency.'),
  reason: z.string().optional().describe('Why it is offered.'),
});

export function offerFieldsOf(offer: OfferedProduct): z.output<typeof offerSchema> {
  return {
    rank: offer.rank,
    product_id: offer.productId,
    product_name: plainText(offer.productName),
    product_category: offer.productCategory === null ? null : plainText(offer.productCategory),
    purchase_probability: offer.purchaseProbability,
    ...(offer.reason && { price: offer.reason.price, reason: plainText(reasonText(offer.reason)) }),
  };
}
