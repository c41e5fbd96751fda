import type { Id } from '../data/data-source.ts';
import type { OutputColumn } from '../data/output-column.ts';
import { ChurnMcpError } from '../errors.ts';
import { labelOfModel } from '../registry/churn-labels.ts';
import { REGISTERED_MODELS } from '../registry/model-card.ts';
import type { ScoredList } from '../scoring/scored-list.ts';
import { formatCount, plural } from '../text/format.ts';
import { quoted, quotedList } from '../text/quoted.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { parseDay, parseName } from './flag-values.ts';
import { mirrorConfig } from './mirror-models.ts';
import { requireWritable, writeOutput } from './output-file.ts';
import { type WritingFlags, writingOf } from './writing-flags.ts';

export interface ScoreFlags extends CommonFlags, WritingFlags {
  readonly model?: string;
  readonly features?: string;
  readonly version?: string;
  readonly asOf?: string;
  readonly out?: string;
  readonly toSnowflake?: boolean;
  readonly reasons?: boolean;
  readonly offers?: boolean;
  readonly json?: boolean;
}

const COLUMN_MODEL = 'customer_churn_column';
const CHURN_MODELS = REGISTERED_MODELS.filter((name) => labelOfModel(name) !== undefined);

/** Only the model of a customer table can score a file of customers. */
function modelOf({ model, features, dateFormat, decimal }: ScoreFlags): (typeof CHURN_MODELS)[number] {
  if (model === undefined && features === undefined) {
    throw new ChurnMcpError('USAGE', 'No model is named.', {
      hint: `Name one with --model: ${CHURN_MODELS.join(', ')}; or a file of customers with --features.`,
    });
  }
  if (features === undefined && (dateFormat !== undefined || decimal !== undefined)) {
    throw new ChurnMcpError('USAGE', '--date-format and --decimal say how a file of customers is written.', {
      hint: 'Name the file with --features FILE, or leave these flags out.',
    });
  }
  const named = model === undefined ? COLUMN_MODEL : parseName('churn model', model, CHURN_MODELS);
  if (features !== undefined && named !== COLUMN_MODEL) {
    throw new ChurnMcpError('USAGE', `${named} scores the imported orders, not a file of customers.`, {
      hint: `Leave --features out, or score with --model ${COLUMN_MODEL}.`,
    });
  }
  return named;
}

/** Writes the churn probability of every row of a table of customers, in its order. */
function scoreTableRows(flags: ScoreFlags, environment: CommandEnvironment): Promise<number> {
  if (flags.asOf !== undefined) {
    throw new ChurnMcpError(
      'USAGE',
      '--as-of does not apply to a table of customers: its rows have no history.',
    );
  }
  const { out } = flags;
  if (out === undefined || flags.toSnowflake === true) {
    throw new ChurnMcpError('USAGE', 'The scores of a table of customers can only be written to a file.', {
      hint: 'Name the file with --out, and leave out --to-snowflake.',
    });
  }
  const writing = writingOf(flags);
  return withServices(environment, flags, async (context) => {
    const { services, signal, display } = context;
    await requireWritable(out);
    const { ids, probabilities, unreadable, sums } = await services.scoreTable(
      {
        ...(flags.version !== undefined && { version: flags.version }),
        ...(flags.features !== undefined && { file: flags.features }),
        writing,
      },
      { signal, onProgress: display.listener },
    );
    const columns = [
      { name: 'customer_id', values: asShopIds(ids) },
      { name: 'churn_probability', values: probabilities },
    ];
    display.stop();
    for (const { column, cells } of unreadable) {
      process.stderr.write(
        `${plural(cells, 'cell')} of ${quoted(column)} cannot be read, so it counts as missing.\n`,
      );
    }
    if (sums.length > 0) {
      process.stderr.write(
        `${plural(sums.length, 'row')} of the file ${sums.length === 1 ? 'holds a sum and no customer' : 'hold sums and no customers'}, so there is no score: ${quotedList(sums, 3)}.\n`,
      );
    }
    const text = `Scored ${plural(ids.length, 'customer')} with ${COLUMN_MODEL}`;
    const facts = { model: COLUMN_MODEL, customers: ids.length };
    await writeOutput({ table: { columns }, tell: () => ({ text, facts }) }, out, context, flags.json);
    return 0;
  });
}

/** Integers if all ids are plain integers, as in a shop, so that readers of a Parquet file can join them. */
function asShopIds(ids: readonly string[]): readonly Id[] {
  return ids.every((id) => /^(0|[1-9]\d{0,14})$/.test(id)) ? ids.map(Number) : ids;
}

/** The columns of the list that get_at_risk_customers exports, for all customers. */
async function listColumns(
  scores: ScoredList,
  { offers: withOffers = false }: ScoreFlags,
  { services, signal, display }: CommandContext,
): Promise<OutputColumn[]> {
  const { scoreColumns } = await import('../mcp/list-columns.ts');
  const { asOf, customerIds } = scores;
  const call = { signal, onProgress: display.listener };
  const { contacts, groups, offers } = await services.describeCustomers(
    customerIds,
    { asOf, withOffers },
    call,
  );
  return [
    { name: 'customer_id', values: customerIds },
    ...scoreColumns(scores),
    ...contacts,
    ...groups,
    ...offers,
  ];
}

/** Writes the churn probability of every customer who has ordered by the day. */
export function runScore(flags: ScoreFlags, environment: CommandEnvironment): Promise<number> {
  const model = modelOf(flags);
  if (model === 'customer_churn_column') return scoreTableRows(flags, environment);
  const request = {
    model,
    ...(flags.version !== undefined && { version: flags.version }),
    ...(flags.asOf !== undefined && { asOf: parseDay('--as-of', flags.asOf) }),
  };
  const { out, toSnowflake } = flags;
  if (out === undefined && toSnowflake !== true) {
    throw new ChurnMcpError('USAGE', 'No output is named for the scores.', {
      hint: 'Name a file with --out, or write --to-snowflake.',
    });
  }
  return withServices(environment, flags, async (context) => {
    const { services, signal, display, print } = context;
    const config = toSnowflake === true ? mirrorConfig(context) : undefined;
    if (out !== undefined) await requireWritable(out);
    const version = request.version ?? (await services.registry.card(model)).version;
    const call = { signal, onProgress: display.listener };
    const withReasons = flags.reasons === true;
    const scores = await services.score({ ...request, version, withReasons }, call);
    const { asOf, customerIds } = scores;
    const scored = `Scored ${plural(customerIds.length, 'customer')} as of ${asOf} with ${model}`;
    if (out !== undefined) {
      const columns = await listColumns(scores, flags, context);
      const facts = { model, version, as_of: asOf, customers: customerIds.length };
      await writeOutput(
        { table: { columns }, tell: () => ({ text: scored, facts }) },
        out,
        context,
        flags.json,
      );
    }
    if (config !== undefined) {
      const { MirrorSession } = await import('../snowflake/mirror/mirror-session.ts');
      const { writePredictions } = await import('../snowflake/mirror/write-predictions.ts');
      await using mirror = await MirrorSession.open(config, signal);
      const written = await writePredictions({ ...scores, model, version }, mirror, new Date());
      print(`${scored} ${version}; ${formatCount(written)} of them are new in Snowflake.`);
    }
    return 0;
  });
}
