/** Commands that bring data in. */
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

export function addDataCommands(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  defineDemo(add, environment, done);
  defineImport(add, environment, done);
}

function defineDemo(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add('demo', 'makes the demo shop, trains the models, shows all answers', 'churn-mcp demo --customers 5000')
    .option('--customers <n>', 'customers of the shop', '20000')
    .option('--seed <n>', 'another number makes another shop', '42')
    .option('--as-of <day>', 'day of the last order (default: today)')
    .action(async (flags) => {
      const { runDemo } = await import('../demo.ts');
      done(await runDemo(flags, environment));
    });
}

function defineImport(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'import',
    'imports a shop’s orders from CSV (also gzipped), TSV, Parquet or NDJSON files',
    'churn-mcp import --orders orders.csv --order-items lines.csv.gz --products catalogue.parquet',
  )
    .option('--orders <file>', 'one row an order')
    .option('--order-items <file>', 'one row an order line; orders are derived where no orders are given')
    .option('--products <file>', 'one row a product')
    .option('--customers <file>', 'one row a customer')
    .option(
      '--map <field=column...>',
      'which column holds a field, where its name does not tell',
      collect,
      [],
    )
    .option('--date-format <order>', 'dmy, mdy or ymd, where the dates do not tell')
    .option('--sales-status <words>', 'status words that are sales, with commas between them; or all')
    .option('--guest <id...>', 'a customer’s id that stands for guests without an account', collect, [])
    .option('--not-product <id...>', 'no product but a charge: it is never recommended', collect, [])
    .option('--is-product <id...>', 'a product, though its name looks like a charge', collect, [])
    .option('--currency <code>', 'the shop’s currency; without --rates, orders in others are left out')
    .option('--rates <code=rate,…>', 'what one unit of other currencies is worth in the shop’s')
    .option('--discount <form>', 'how lines’ discounts are written: share, percent, amount or piece')
    .option(
      '--accept <check...>',
      'imports although this check refuses; its message names the check',
      collect,
      [],
    )
    .option('--append', 'adds to the data that is there; an order that is there already is replaced')
    .option('--replace', 'starts anew: nothing of the data that is there is kept')
    .option('--dry-run', 'shows what the import would give, and changes nothing')
    .option('--json', 'prints the ledger and all decisions as JSON')
    .option('--features <file>', 'instead of orders: a table of customers, one row each, for label "column"')
    .option('--id <column>', 'with --features: the column that tells customers apart')
    .option('--target <column>', 'with --features: the column that says who churned')
    .option(
      '--positive <value>',
      'with --features: the target’s value that means churned, where it does not tell',
    )
    .action(async (flags) => {
      const { runImport } = await import('../import.ts');
      done(await runImport(flags, environment));
    });
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
