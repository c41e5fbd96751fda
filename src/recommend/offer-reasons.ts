import { z } from 'zod';
import { ofCustomers } from '../data/compose-statement.ts';
import type { DataSource, GivenTable, Id } from '../data/data-source.ts';
import { readPairShares } from './pair-shares.ts';

/** What stands beside an offer, so that somebody can act on it. */
export interface OfferReason {
  /** In the shop's currency; null if the product has none. */
  readonly price: number | null;
  /** A product the customer owns that is often bought by the same people; null if there is none. */
  readonly boughtWith: string | null;
  /** The share of that product's buyers who bought the offered one, too. */
  readonly share: number | null;
  /** Customers who ever bought the product. */
  readonly buyers: number;
}

export interface Offer {
  readonly customerId: Id;
  readonly productId: Id;
}

const rowSchema = z.object({
  customer_id: z.string(),
  product_id: z.string(),
  price: z.number().nullable(),
  buyers: z.number(),
  owned_id: z.string().nullable(),
  owned_name: z.string().nullable(),
});

/** Offers whose reasons are read by one statement, which has as many rows. */
const OFFERS_PER_STATEMENT = 50_000;

/** Reasons by customer and product, for offers as of a day. */
export async function readOfferReasons(
  data: DataSource,
  offers: readonly Offer[],
  { asOf, signal }: { readonly asOf: string; readonly signal?: AbortSignal | undefined },
): Promise<(offer: Offer) => OfferReason | undefined> {
  const found: z.output<typeof rowSchema>[] = [];
  for (let first = 0; first < offers.length; first += OFFERS_PER_STATEMENT) {
    const some = offers.slice(first, first + OFFERS_PER_STATEMENT);
    const statement = { file: 'portable/reads/offer_reasons', values: [asOf] } as const;
    const customerIds = [...new Set(some.map(({ customerId }) => customerId))];
    const query = ofCustomers(statement, customerIds, [listedOffers(some)]);
    found.push(...(await data.rows({ ...query, signal }, rowSchema)));
  }
  const pairs = found.flatMap(({ owned_id: ownedId, product_id: productId }) =>
    ownedId === null ? [] : [{ ownedId, productId }],
  );
  const shareOf = await readPairShares(data, pairs, { asOf, signal });
  const known = new Map(
    found.map((row): [string, OfferReason] => [
      keyOf({ customerId: row.customer_id, productId: row.product_id }),
      {
        price: row.price,
        buyers: row.buyers,
        boughtWith: row.owned_name,
        share: row.owned_id === null ? null : shareOf({ ownedId: row.owned_id, productId: row.product_id }),
      },
    ]),
  );
  return (offer) => known.get(keyOf(offer));
}

function keyOf({ customerId, productId }: Offer): string {
  return JSON.stringify([String(customerId), String(productId)]);
}

function listedOffers(offers: readonly Offer[]): GivenTable<string> {
  return {
    name: 'listed_offers',
    columns: ['customer_id', 'product_id'],
    rows: offers.map(({ customerId, productId }) => [String(customerId), String(productId)]),
  };
}
