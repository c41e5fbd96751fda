import { plural } from '../mcp/format.ts';
import { REGISTERED_MODELS } from '../registry/model-card.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseDay, parseName } from './flag-values.ts';
import { requireWritable } from './output-file.ts';

export interface ScoreFlags extends CommonFlags {
  readonly model: string;
  readonly version?: string;
  readonly asOf?: string;
  readonly out: string;
}

const CHURN_MODELS = REGISTERED_MODELS.filter((name) => name !== 'product_recommendation');

/** Writes the churn probability of every customer with an order by the day. */
export function runScore(flags: ScoreFlags, environment: CommandEnvironment): Promise<number> {
  const model = parseName('churn model', flags.model, CHURN_MODELS);
  const request = {
    model,
    ...(flags.version !== undefined && { version: flags.version }),
    ...(flags.asOf !== undefined && { asOf: parseDay('--as-of', flags.asOf) }),
  };
  return withServices(environment, flags, async ({ services, signal, display, print }) => {
    await requireWritable(flags.out);
    const { writeTable } = await import('../data/duckdb/table-file.ts');
    const { asOf, customerIds, probabilities } = await services.score(request, {
      signal,
      onProgress: display.listener,
    });
    const columns = [
      { name: 'customer_id', values: customerIds },
      { name: 'churn_probability', values: probabilities },
    ];
    await writeTable({ columns }, flags.out, { signal });
    print(`Scored ${plural(customerIds.length, 'customer')} as of ${asOf} with ${model}: ${flags.out}`);
    return 0;
  });
}
