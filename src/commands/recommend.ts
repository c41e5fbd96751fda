import { plural } from '../text/format.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseDay, parseWhole } from './flag-values.ts';
import { requireWritable } from './output-file.ts';

export interface RecommendFlags extends CommonFlags {
  readonly nProducts: string;
  readonly asOf?: string;
  readonly includePurchased?: boolean;
  readonly version?: string;
  readonly out: string;
}

const MOST_PRODUCTS = 1000;

/** Writes the best products of every customer who has ordered by the day. */
export function runRecommend(flags: RecommendFlags, environment: CommandEnvironment): Promise<number> {
  const request = {
    nProducts: parseWhole('--n-products', flags.nProducts, 1, MOST_PRODUCTS),
    includePurchased: flags.includePurchased === true,
    ...(flags.version !== undefined && { version: flags.version }),
    ...(flags.asOf !== undefined && { asOf: parseDay('--as-of', flags.asOf) }),
  };
  return withServices(environment, flags, async ({ services, signal, display, print }) => {
    await requireWritable(flags.out);
    const { writeTable } = await import('../data/table-file.ts');
    const found = await services.recommendForEveryone(request, { signal, onProgress: display.listener });
    const columns = [
      { name: 'customer_id', values: found.customer_id },
      { name: 'product_id', values: found.product_id },
      { name: 'rank', values: Int32Array.from(found.rank) },
      { name: 'purchase_probability', values: Float32Array.from(found.purchase_probability) },
    ];
    await writeTable({ columns }, flags.out, { signal });
    display.stop();
    const customers = new Set(found.customer_id).size;
    print(
      `Wrote ${plural(found.rank.length, 'recommendation')} for ${plural(customers, 'customer')}: ${flags.out}`,
    );
    return 0;
  });
}
