/** A merchandiser's rules for every list: what it may hold, and what comes earlier in it. */
import type { DayView } from '../data/compose-statement.ts';
import type { DataSource, Id, Statement } from '../data/data-source.ts';
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted, quotedList } from '../text/quoted.ts';

export interface OfferRules {
  /** Products never offered, each an id, a name, a category, or a part of a name or category. */
  readonly exclude?: readonly string[] | undefined;
  /** Products that come earlier, named in the same way: they are ranked as if their odds were twice as high. */
  readonly boost?: readonly string[] | undefined;
  /** The only category offered, in any case. */
  readonly onlyCategory?: string | undefined;
  /** In the shop's currency; the price itself is within. A product without a price is then not offered. */
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
}

/** What a boosted product's rank score is raised by, in log-odds: its odds count as twice what they are. */
export const LOG_BOOST = Math.LN2;

/** The rules as the products of one day meet them. */
export interface ReadRules {
  /** Gives the relation `offered_products`: those that meet the conditions on category and price. */
  readonly offered: Statement;
  isExcluded(productId: Id): boolean;
  isBoosted(productId: Id): boolean;
  /** How many of the most popular products hold this many that meet the rules; all of them if there are fewer. */
  popularWith(count: number): number;
}

/** Whether there is any rule. */
export function hasRules(rules: OfferRules | undefined): rules is OfferRules {
  if (rules === undefined) return false;
  const { exclude = [], boost = [], onlyCategory, minPrice, maxPrice } = rules;
  return exclude.length + boost.length > 0 || [onlyCategory, minPrice, maxPrice].some((rule) => rule != null);
}

/**
 * Undefined if there is no rule.
 *
 * @throws UNKNOWN_PRODUCT if a text matches no product or category, INVALID_ARGUMENT if a price is below 0, if the prices are the
 * wrong way round, if a text is to be excluded and boosted, or if no product that is sold meets the rules
 */
export async function readOfferRules(
  rules: OfferRules | undefined,
  day: DayView,
  signal?: AbortSignal | undefined,
): Promise<ReadRules | undefined> {
  if (!hasRules(rules)) return undefined;
  const { data } = day;
  const { exclude = [], boost = [], onlyCategory, minPrice, maxPrice } = rules;
  assertPrices(minPrice, maxPrice);
  assertNotBoth(exclude, boost);
  if (onlyCategory !== undefined) await assertCategory(onlyCategory, data, signal);
  const excluded = await productsMatching(exclude, data, signal);
  const boosted = await productsMatching(boost, data, signal);
  const offered: Statement = {
    file: 'portable/reads/offered_products',
    values: [onlyCategory ?? null, minPrice ?? null, maxPrice ?? null],
  };
  const table = await data.columns({ ...day.statement(offered), signal });
  const ranks = table.float64('popularity_rank');
  const left = table.ids('product_id').flatMap((id, row) => (excluded.has(id) ? [] : [ranks[row]]));
  if (left.length === 0) throw nothingMeetsRules();
  return {
    offered,
    isExcluded: (productId) => excluded.has(productId),
    isBoosted: (productId) => boosted.has(productId),
    popularWith: (count) => left[Math.min(left.length, count) - 1] ?? 0,
  };
}

function nothingMeetsRules(): ChurnMcpError {
  return new ChurnMcpError('INVALID_ARGUMENT', 'No product that the shop sells meets these rules.', {
    hint: 'Exclude less, or widen the prices or the category.',
  });
}

function assertPrices(least = 0, most = Number.POSITIVE_INFINITY): void {
  if (least < 0 || most < 0) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'min_price and max_price must be 0 or more.', {
      hint: 'Give prices in the shop’s currency, or leave them out.',
    });
  }
  if (least <= most) return;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `The least price ${least} is above the highest price ${most}.`,
    {
      hint: 'Give a min_price that is at most max_price.',
    },
  );
}

/** Mugs, but no red ones, is a rule: what both match is excluded. The same words in both are a mistake. */
function assertNotBoth(exclude: readonly string[], boost: readonly string[]): void {
  const excluded = new Set(exclude.map((text) => text.toLowerCase()));
  const both = boost.find((text) => excluded.has(text.toLowerCase()));
  if (both === undefined) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', `${quoted(both)} is in exclude and in boost.`, {
    hint: 'An excluded product is never offered. Leave it out of one of the two.',
  });
}

async function assertCategory(category: string, data: DataSource, signal: AbortSignal | undefined) {
  const table = await data.columns({ file: 'portable/reads/products', values: [], isLarge: true, signal });
  const known = new Set(table.text('product_category').filter((name) => name !== null));
  const wanted = category.toLowerCase();
  if ([...known].some((name) => name.toLowerCase() === wanted)) return;
  const names = [...known].sort();
  throw new ChurnMcpError('UNKNOWN_PRODUCT', `No product has the category ${quoted(category)}.`, {
    hint:
      names.length === 0
        ? 'The products of this shop have no categories. Leave only_category out.'
        : `${didYouMean(category, names)}Categories: ${quotedList(names, 20)}.`,
  });
}

/** All products that any of the texts means. */
async function productsMatching(
  texts: readonly string[],
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<Id>> {
  const found = new Set<Id>();
  for (const text of texts) {
    const table = await data.columns({ file: 'portable/reads/products_matching', values: [text], signal });
    const ids = table.ids('product_id');
    if (ids.length === 0) {
      throw new ChurnMcpError('UNKNOWN_PRODUCT', `No product or category matches ${quoted(text)}.`, {
        hint: 'Give the id of a product, or its name, its category or a part of them, as the shop writes it.',
      });
    }
    for (const id of ids) found.add(id);
  }
  return found;
}
