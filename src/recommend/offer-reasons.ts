import { z } from 'zod';
import { withRelations } from '../data/compose-statement.ts';
import type { DataSource, Id, Relation } from '../data/data-source.ts';

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

interface Offer {
  readonly customerId: Id;
  readonly productId: Id;
}

const rowSchema = z.object({
  customer_id: z.string(),
  product_id: z.string(),
  price: z.number().nullable(),
  buyers: z.number(),
  owned_name: z.string().nullable(),
  owned_share: z.number().nullable(),
});

/**
 * Offers whose reasons are read by one statement: each binds two values, of which engines take some 32,000. A statement
 * takes the time of 1,000 offers before it reads the first.
 */
const OFFERS_PER_STATEMENT = 15_000;

/** Reasons by customer and product, for offers as of a day. */
export async function readOfferReasons(
  data: DataSource,
  offers: readonly Offer[],
  { asOf, signal }: { readonly asOf: string; readonly signal?: AbortSignal | undefined },
): Promise<(offer: Offer) => OfferReason | undefined> {
  const known = new Map<string, OfferReason>();
  for (let first = 0; first < offers.length; first += OFFERS_PER_STATEMENT) {
    const listed = listedOffers(offers.slice(first, first + OFFERS_PER_STATEMENT));
    const statement = withRelations([listed], { file: 'portable/reads/offer_reasons', values: [asOf] });
    for (const row of await data.rows({ ...statement, signal }, rowSchema)) {
      const { price, buyers, owned_name: boughtWith, owned_share: share } = row;
      known.set(keyOf({ customerId: row.customer_id, productId: row.product_id }), {
        price,
        buyers,
        boughtWith,
        share,
      });
    }
  }
  return (offer) => known.get(keyOf(offer));
}

function keyOf({ customerId, productId }: Offer): string {
  return JSON.stringify([String(customerId), String(productId)]);
}

function listedOffers(offers: readonly Offer[]): Relation {
  const rows = offers.map(() => '(?, ?)').join(', ');
  return {
    name: 'listed_offers',
    text: `select cast(customer_id as varchar) as customer_id, cast(product_id as varchar) as product_id from (values ${rows}) as listed (customer_id, product_id)`,
    values: offers.flatMap(({ customerId, productId }) => [String(customerId), String(productId)]),
  };
}
