/** Commands that answer: one call, or all customers at once. */

import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';
import { DATE_FORMAT_OPTION, DECIMAL_OPTION } from './writing-options.ts';

const EXIT_USAGE = 2;

export function addAnsweringCommands(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  defineTools(add, environment, done);
  defineCall(add, environment, done);
  defineScore(add, environment, done);
  defineRecommend(add, environment, done);
  defineCampaign(add, environment, done);
}

function defineCall(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  const command = add(
    'call',
    'makes one tool call, as an MCP client would',
    'churn-mcp call get_product_recommendations segment=AT_RISK n_customers=10 --json',
  )
    .argument('[tool]', 'name of the tool; churn-mcp tools lists them')
    .argument('[arguments...]', 'name=value, such as filter.segment=LAPSED; or a JSON object, @file, or -')
    .option('--json', 'print the structured content instead of the text')
    .helpOption(false)
    .option('-h, --help', 'display help for the command, or for the tool that is named')
    .addHelpText(
      'after',
      `  churn-mcp call get_product_recommendations '{"n_customers": 10, "segment": "AT_RISK"}'`,
    )
    .action(async (tool, given, { help, ...flags }) => {
      if (tool === undefined) {
        if (help === true) return command.outputHelp();
        return command.error("error: missing required argument 'tool'", { exitCode: EXIT_USAGE });
      }
      if (help === true) {
        const { runTools } = await import('../tools.ts');
        return done(runTools(tool, {}, environment));
      }
      const { runCall } = await import('../call.ts');
      done(await runCall(tool, given, flags, environment));
    });
}

function defineTools(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add('tools', 'lists what can be called, or the arguments of one tool', 'churn-mcp tools get_shop_overview')
    .argument('[tool]', 'name of the tool')
    .option('--json', 'print them as tools/list has them')
    .action(async (tool, flags) => {
      const { runTools } = await import('../tools.ts');
      done(runTools(tool, flags, environment));
    });
}

function defineScore(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'score',
    'writes the churn probability of every customer to a file',
    'churn-mcp score --model customer_churn_forecast --out scores.csv',
  )
    .option('--model <name>', 'registered model (default with --features: customer_churn_column)')
    .option('--features <file>', 'score this table of customers instead of the imported data')
    .option(...DATE_FORMAT_OPTION)
    .option(...DECIMAL_OPTION)
    .option('--version <version>', 'version (default: the champion)')
    .option('--as-of <day>', 'use no data after this day (default: the day of the last order)')
    .option('--out <file>', 'file to write, .csv, .xlsx or .parquet; - for CSV on standard output')
    .option('--reasons', 'three reasons for each risk besides; takes longer')
    .option('--offers', 'three offers for each customer besides; takes longer')
    .option('--to-snowflake', 'write the scores to the table CHURN_PREDICTIONS in Snowflake, each once')
    .option('--json', 'print what was done as JSON')
    .action(async (flags) => {
      const { runScore } = await import('../score.ts');
      done(await runScore(flags, environment));
    });
}

function defineRecommend(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'recommend',
    'writes the best products of every customer to a file',
    'churn-mcp recommend --n-products 10 --out recommendations.parquet',
  )
    .requiredOption('--n-products <k>', 'products per customer')
    .option('--version <version>', 'version (default: the champion)')
    .option('--as-of <day>', 'use no data after this day (default: the day of the last order)')
    .option('--include-purchased', 'also rank products that the customer has bought')
    .option('--exclude <product...>', 'never these products or categories: ids, names or parts of names')
    .option('--boost <product...>', 'rank these as if their odds were twice as high')
    .option('--only-category <name>', 'only products of this category')
    .option('--min-price <amount>', 'only products at this price or above')
    .option('--max-price <amount>', 'only products at this price or below')
    .requiredOption('--out <file>', 'file to write, .csv, .xlsx or .parquet; - for CSV on standard output')
    .option('--json', 'print what was done as JSON')
    .action(async (flags) => {
      const { runRecommend } = await import('../recommend.ts');
      done(await runRecommend(flags, environment));
    });
}

function defineCampaign(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'campaign',
    'plans an offer, starts it, and measures what it earned',
    'churn-mcp campaign plan --name "Come back" --contact-cost 0.5 --offer-cost 5 --margin 0.3',
  )
    .argument('[action]', 'list, plan, start, results, train, or push: to Snowflake', 'list')
    .argument('[id]', 'with start, results and push: the campaign')
    .option('--name <text>', 'with plan: name of the offer')
    .option('--contact-cost <amount>', 'with plan: cost of contacting one customer')
    .option('--offer-cost <amount>', 'with plan: cost of the offer per customer who takes it')
    .option('--margin <share>', 'with plan: share of revenue that is profit')
    .option('--currency <code>', 'with plan: currency of all amounts; only shown')
    .option(
      '--success-rate <share>',
      'with plan: share of those leaving whom the offer keeps (default: as measured)',
    )
    .option(
      '--min-probability <share>',
      'with plan: least probability to leave (default: as the list of customers at risk)',
    )
    .option(
      '--filter <field=value...>',
      'with plan: only customers who meet all of these, such as segment=AT_RISK min_spent=500',
    )
    .option(
      '--rank-by <order>',
      'with plan: risk, or uplift: whom past offers persuaded (campaign train learns it; default: risk)',
    )
    .option('--max-customers <n>', 'with plan: customers at most, held-out included')
    .option(
      '--smallest-effect <share>',
      'with plan: smallest difference worth knowing (default: the expected one)',
    )
    .option('--horizon-days <n>', 'with plan: days in which orders count (default: the forecast’s)')
    .option('--as-of <day>', 'with plan: nothing after this day is seen (default: the last order’s)')
    .option('--seed <n>', 'with plan: draws the held-out (default: by chance)')
    .option('--contact-date <day>', 'with start: day the contacts go out (default: today)')
    .option('--json', 'print the structured content instead of the text')
    .addHelpText(
      'after',
      '  churn-mcp campaign start c_20261123_101500_ab12\n  churn-mcp campaign results c_20261123_101500_ab12\n  churn-mcp campaign train',
    )
    .action(async (action, id, flags) => {
      const { runCampaign } = await import('../campaign.ts');
      done(await runCampaign({ action, id }, flags, environment));
    });
}
