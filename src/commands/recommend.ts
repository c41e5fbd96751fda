import type { OutputColumn } from '../data/output-column.ts';
import type { OfferRules } from '../recommend/offer-rules.ts';
import type { RecommendationList } from '../recommend/recommend-for-everyone.ts';
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
    const written = { version: '', as_of: '', customers: 0, recommendations: 0 };
    async function* parts() {
      const call = { signal, onProgress: display.listener };
      for await (const list of services.recommendInBatches(request, call)) {
        written.version = list.model_version;
        written.as_of = list.as_of;
        written.customers += new Set(list.customer_id).size;
        written.recommendations += list.rank.length;
        yield columnsOf(list);
      }
    }
    const tell = () => ({
      text: `Wrote ${plural(written.recommendations, 'recommendation')} for ${plural(written.customers, 'customer')}`,
      facts: written,
    });
    await writeOutput({ table: { parts: parts() }, tell }, flags.out, context, flags.json);
    return 0;
  });
}

function columnsOf(list: RecommendationList): readonly OutputColumn[] {
  return [
    { name: 'customer_id', values: list.customer_id },
    { name: 'product_id', values: list.product_id },
    { name: 'rank', values: Int32Array.from(list.rank) },
    { name: 'purchase_probability', values: Float32Array.from(list.purchase_probability) },
    { name: 'product_name', values: list.product_name },
    { name: 'product_category', values: list.product_category },
    { name: 'price', values: Float64Array.from(list.price, (price) => price ?? Number.NaN) },
    { name: 'as_of', values: list.rank.map(() => list.as_of) },
    { name: 'model_version', values: list.rank.map(() => list.model_version) },
  ];
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
