import { z } from 'zod';
import { withRelations } from '../data/compose-statement.ts';
import type { DataSource, Relation } from '../data/data-source.ts';
import { textsAsRelation } from '../data/texts-as-relation.ts';

/** A product that a customer owns, and one that is offered: ids as text. */
export interface ProductPair {
  readonly ownedId: string;
  readonly productId: string;
}

interface ReadOptions {
  readonly asOf: string;
  readonly signal?: AbortSignal | undefined;
}

const rowSchema = z.object({ owned_id: z.string(), product_id: z.string(), share: z.number() });

/** Pairs whose shares are read by one statement, which has as many rows. */
const PAIRS_PER_STATEMENT = 10_000;
/** Pairs of a day that are kept; beyond, all are forgotten: they are read again when somebody wants them. */
const MOST_PAIRS = 100_000;

/** By snapshot, whose orders never change: the shares of a day. To count the buyers of two products takes all pairs of the shop. */
const keptShares = new WeakMap<DataSource, Map<string, Map<string, number>>>();

/** Which share of those who bought the one product bought the other, too: for pairs as of a day. */
export async function readPairShares(
  data: DataSource,
  pairs: readonly ProductPair[],
  { asOf, signal }: ReadOptions,
): Promise<(pair: ProductPair) => number | null> {
  const known = sharesOf(data, asOf);
  const missing = [...new Map(pairs.map((pair) => [keyOf(pair), pair])).values()].filter(
    (pair) => !known.has(keyOf(pair)),
  );
  const shares = new Map(pairs.map((pair) => [keyOf(pair), known.get(keyOf(pair)) ?? null]));
  if (known.size + missing.length > MOST_PAIRS) known.clear();
  for (let first = 0; first < missing.length; first += PAIRS_PER_STATEMENT) {
    const listed = listedPairs(missing.slice(first, first + PAIRS_PER_STATEMENT));
    const statement = withRelations([listed], { file: 'portable/reads/product_pair_shares', values: [asOf] });
    for (const row of await data.rows({ ...statement, signal }, rowSchema)) {
      const key = keyOf({ ownedId: row.owned_id, productId: row.product_id });
      shares.set(key, row.share);
      known.set(key, row.share);
    }
  }
  return (pair) => shares.get(keyOf(pair)) ?? null;
}

function sharesOf(data: DataSource, asOf: string): Map<string, number> {
  const days = keptShares.get(data) ?? new Map<string, Map<string, number>>();
  keptShares.set(data, days);
  const shares = days.get(asOf) ?? new Map<string, number>();
  days.set(asOf, shares);
  return shares;
}

function keyOf({ ownedId, productId }: ProductPair): string {
  return JSON.stringify([ownedId, productId]);
}

function listedPairs(pairs: readonly ProductPair[]): Relation {
  return textsAsRelation(
    'listed_pairs',
    ['owned_id', 'product_id'],
    pairs.map(({ ownedId, productId }) => [ownedId, productId]),
  );
}
