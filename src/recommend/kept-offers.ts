/**
 * The best offers of every customer as of the last order's day, kept in the home folder: `offers/VERSION_DATA.parquet`.
 * Ranking products for all customers takes seconds even for a small shop, and a list as a file wants offers for each of them.
 */
import type { ColumnTable, Id } from '../data/data-source.ts';
import { intactTable, type KeptOf, keepTable, readKeptTable } from '../data/kept-table.ts';
import type { ProgressListener } from '../progress.ts';
import type { RecommendedProduct } from './customer-offers.ts';
import { type OfferReason, readOfferReasons } from './offer-reasons.ts';
import type { RecommendationSource } from './product-recommendations.ts';
import { recommendForEveryone } from './recommend-for-everyone.ts';

/** Offers kept per customer. */
export const KEPT_OFFERS = 3;

export type OfferSource = RecommendationSource & { readonly onProgress?: ProgressListener | undefined };

/** Whether a home has kept offers of the current data and a version. */
export async function hasKeptOffers(home: string, source: RecommendationSource): Promise<boolean> {
  return (await intactTable(home, keptOf(source))) !== undefined;
}

/** A home's kept offers of the current data and a version; undefined if there are none, or the file is damaged. */
export async function readKeptOffers(
  home: string,
  source: RecommendationSource,
  { withReasons }: { readonly withReasons: boolean },
): Promise<OfferTable | undefined> {
  const table = await readKeptTable(home, keptOf(source));
  return table && new OfferTable(table, withReasons);
}

/**
 * Ranks products for every customer and keeps the best.
 *
 * @throws MISSING_TABLE, CANCELLED, STORAGE
 */
export async function keepOffers(home: string, source: OfferSource): Promise<void> {
  const { data, signal } = source;
  const list = await recommendForEveryone({ nProducts: KEPT_OFFERS, includePurchased: false }, source);
  const offers = list.customer_id.map((customerId, row) => ({ customerId, productId: list.product_id[row] }));
  const reasonOf = await readOfferReasons(data, offers, { asOf: list.as_of, signal });
  const reasons = offers.map(reasonOf);
  const numbers = (values: readonly (number | null | undefined)[]) =>
    Float64Array.from(values, (value) => value ?? Number.NaN);
  const columns = [
    { name: 'customer_id', values: list.customer_id },
    { name: 'rank', values: Int32Array.from(list.rank) },
    { name: 'product_id', values: list.product_id },
    { name: 'product_name', values: list.product_name },
    { name: 'product_category', values: list.product_category },
    { name: 'purchase_probability', values: Float32Array.from(list.purchase_probability) },
    { name: 'price', values: numbers(reasons.map((reason) => reason?.price)) },
    { name: 'bought_with', values: reasons.map((reason) => reason?.boughtWith ?? null) },
    { name: 'share', values: numbers(reasons.map((reason) => reason?.share)) },
    { name: 'buyers', values: numbers(reasons.map((reason) => reason?.buyers)) },
  ];
  await keepTable(home, keptOf(source), columns);
}

/** Offers by customer. */
export class OfferTable {
  readonly #offerAt: (row: number) => RecommendedProduct;
  readonly #customerIds: readonly Id[];
  readonly #firstRows = new Map<string, number>();

  constructor(table: ColumnTable, withReasons: boolean) {
    this.#customerIds = table.ids('customer_id');
    for (const [row, id] of this.#customerIds.entries()) {
      if (!this.#firstRows.has(String(id))) this.#firstRows.set(String(id), row);
    }
    this.#offerAt = offerReader(table, withReasons);
  }

  /** Best first; none if the customer is unknown, or already owns every product that sells. */
  of(customerId: Id): readonly RecommendedProduct[] {
    const first = this.#firstRows.get(String(customerId));
    if (first === undefined) return [];
    const offers: RecommendedProduct[] = [];
    for (let row = first; this.#customerIds[row] === this.#customerIds[first]; row++) {
      offers.push(this.#offerAt(row));
    }
    return offers;
  }
}

function offerReader(table: ColumnTable, withReasons: boolean): (row: number) => RecommendedProduct {
  const productIds = table.ids('product_id');
  const ranks = table.float64('rank');
  const probabilities = table.float32('purchase_probability');
  const [names, categories] = ['product_name', 'product_category'].map((name) => table.text(name));
  const reasonAt = withReasons ? reasonReader(table) : () => undefined;
  return (row) => ({
    rank: ranks[row],
    productId: productIds[row],
    productName: names[row] ?? String(productIds[row]),
    productCategory: categories[row],
    purchaseProbability: probabilities[row],
    reason: reasonAt(row),
  });
}

function reasonReader(table: ColumnTable): (row: number) => OfferReason | undefined {
  const [prices, shares, buyers] = ['price', 'share', 'buyers'].map((name) => table.float64(name));
  const boughtWith = table.text('bought_with');
  return (row) =>
    Number.isNaN(buyers[row])
      ? undefined
      : {
          price: presentOf(prices[row]),
          boughtWith: boughtWith[row],
          share: presentOf(shares[row]),
          buyers: buyers[row],
        };
}

function presentOf(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function keptOf({ data, card, signal }: RecommendationSource): KeptOf {
  return { folder: 'offers', version: card.version, data, signal };
}
