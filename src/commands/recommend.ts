import type { OfferRules } from '../recommend/offer-rules.ts';
import { plural } from '../text/format.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseAmount, parseDay, parseWhole } from './flag-values.ts';
import { requireWritable, writeOutput } from './output-file.ts';

export interface RecommendFlags extends CommonFlags {
  readonly nProducts: string;
  readonly asOf?: string;
  readonly includePurchased?: boolean;
  readonly version?: string;
  readonly exclude?: readonly string[];
  readonly boost?: readonly string[];
  readonly onlyCategory?: string;
  readonly minPrice?: string;
  readonly maxPrice?: string;
  readonly out: string;
  readonly json?: boolean;
}

const MOST_PRODUCTS = 1000;

/** Writes the best products of every customer who has ordered by the day. */
export function runRecommend(flags: RecommendFlags, environment: CommandEnvironment): Promise<number> {
  const request = {
    nProducts: parseWhole('--n-products', flags.nProducts, 1, MOST_PRODUCTS),
    includePurchased: flags.includePurchased === true,
    ...(flags.version !== undefined && { version: flags.version }),
    ...(flags.asOf !== undefined && { asOf: parseDay('--as-of', flags.asOf) }),
    rules: rulesOf(flags),
  };
  return withServices(environment, flags, async (context) => {
    const { services, signal, display } = context;
    await requireWritable(flags.out);
    const found = await services.recommendForEveryone(request, { signal, onProgress: display.listener });
    const columns = [
      { name: 'customer_id', values: found.customer_id },
      { name: 'product_id', values: found.product_id },
      { name: 'rank', values: Int32Array.from(found.rank) },
      { name: 'purchase_probability', values: Float32Array.from(found.purchase_probability) },
      { name: 'product_name', values: found.product_name },
      { name: 'product_category', values: found.product_category },
      { name: 'price', values: Float64Array.from(found.price, (price) => price ?? Number.NaN) },
      { name: 'as_of', values: found.rank.map(() => found.as_of) },
      { name: 'model_version', values: found.rank.map(() => found.model_version) },
    ];
    const customers = new Set(found.customer_id).size;
    const text = `Wrote ${plural(found.rank.length, 'recommendation')} for ${plural(customers, 'customer')}`;
    const { as_of, model_version: version } = found;
    const facts = { version, as_of, customers, recommendations: found.rank.length };
    await writeOutput({ columns, text, facts }, flags.out, context, flags.json);
    return 0;
  });
}

function rulesOf({ exclude, boost, onlyCategory, minPrice, maxPrice }: RecommendFlags): OfferRules {
  return {
    exclude,
    boost,
    onlyCategory,
    minPrice: minPrice === undefined ? undefined : parseAmount('--min-price', minPrice),
    maxPrice: maxPrice === undefined ? undefined : parseAmount('--max-price', maxPrice),
  };
}
