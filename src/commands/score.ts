import { ChurnMcpError } from '../errors.ts';
import { plural } from '../mcp/format.ts';
import { REGISTERED_MODELS, registeredModelSchema } from '../registry/model-card.ts';
import { type CommandEnvironment, type CommonFlags, parseDay, withServices } from './command-context.ts';

export interface ScoreFlags extends CommonFlags {
  readonly model: string;
  readonly version?: string;
  readonly asOf?: string;
  readonly out: string;
}

/** Writes the churn probability of every customer with an order by the day. */
export function runScore(flags: ScoreFlags, environment: CommandEnvironment): Promise<number> {
  const model = registeredModelSchema.safeParse(flags.model);
  if (!model.success || model.data === 'product_recommendation') {
    const models = REGISTERED_MODELS.filter((name) => name !== 'product_recommendation');
    throw new ChurnMcpError('USAGE', '--model does not name a churn model.', {
      hint: `Churn models: ${models.join(', ')}. For products: churn-mcp recommend.`,
    });
  }
  const request = {
    model: model.data,
    ...(flags.version !== undefined && { version: flags.version }),
    ...(flags.asOf !== undefined && { asOf: parseDay('--as-of', flags.asOf) }),
  };
  return withServices(environment, flags, async ({ services, signal, display, print }) => {
    const { tableFormatOf, writeTable } = await import('../data/duckdb/table-file.ts');
    tableFormatOf(flags.out);
    const { asOf, customerIds, probabilities } = await services.score(request, {
      signal,
      onProgress: display.listener,
    });
    const columns = [
      { name: 'customer_id', values: customerIds },
      { name: 'churn_probability', values: probabilities },
    ];
    await writeTable({ columns }, flags.out, { signal });
    print(`Scored ${plural(customerIds.length, 'customer')} as of ${asOf} with ${model.data}: ${flags.out}`);
    return 0;
  });
}
