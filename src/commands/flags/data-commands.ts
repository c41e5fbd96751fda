/** Commands that bring data in. */

import type { Command } from 'commander';
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';
import { addIngestCommand, addRefreshCommand } from './ingest-command.ts';
import { DATE_FORMAT_OPTION, DECIMAL_OPTION } from './writing-options.ts';

export function addDataCommands(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  defineDemo(add, environment, done);
  defineImport(add, environment, done);
  addIngestCommand(add, environment, done);
  addRefreshCommand(add, environment, done);
}

function defineDemo(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'demo',
    'makes the demo shop, trains the models and shows all answers',
    'churn-mcp demo --customers 5000',
  )
    .option('--customers <n>', 'customers of the shop', '20000')
    .option('--seed <n>', 'another number makes another shop', '42')
    .option('--as-of <day>', 'day of the last order (default: today)')
    .option('--campaign', 'shows a campaign instead, from the list to measured profit')
    .option('--json', 'print all answers as one JSON object at the end')
    .action(async (flags) => {
      const { runDemo } = await import('../demo.ts');
      done(await runDemo(flags, environment));
    });
}

const IMPORT_HELP = `
  churn-mcp import --orders january.csv february.csv
  churn-mcp import --orders "exports/orders-*.csv"
  churn-mcp import --orders export.zip --map customer_id=Client --decimal comma
  churn-mcp import --orders "book.xlsx#Orders"
  churn-mcp import --features customers.csv --id customerID --target Churn --value MonthlyCharges

Files may be CSV, TSV, JSON or NDJSON (each also gzipped), Parquet, Excel workbooks (.xlsx), folders and zip archives of
these. The import finds columns, separators, encodings, dates and decimals by what the files hold, and asks if the files
are ambiguous. It fetches nothing from the network.`;

function defineImport(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  const command = add(
    'import',
    'imports a shop’s orders from CSV, Excel, Parquet or JSON files',
    'churn-mcp import --orders orders.csv --order-items lines.csv.gz --products catalogue.parquet',
  )
    .option(
      '--orders <file...>',
      'one row per order; several files, patterns and folders are read as one table',
      collectFiles,
    )
    .option(
      '--order-items <file...>',
      'one row per order line; without --orders, orders are derived from the lines',
      collectFiles,
    )
    .option('--products <file...>', 'one row per product', collectFiles)
    .option('--customers <file...>', 'one row per customer', collectFiles)
    .option(
      '--map <field=column...>',
      'which column holds a field, if the column’s name does not tell; customer.id is a field within a JSON object',
      collect,
      [],
    )
    .option(...DATE_FORMAT_OPTION)
    .option(...DECIMAL_OPTION)
    .option('--sales-status <words>', 'status words that count as sales, separated by commas; or all')
    .option('--guest <id...>', 'customer id that stands for guests without an account', collect, [])
    .option(
      '--not-product <id...>',
      'id of a charge that is no product: it is never recommended',
      collect,
      [],
    )
    .option('--is-product <id...>', 'id of a product whose name looks like a charge', collect, [])
    .option('--currency <code>', 'the shop’s currency; without --rates, orders in others are left out')
    .option('--rates <code=rate,…>', 'value of one unit of another currency in the shop’s currency')
    .option('--discount <form>', 'form of the discounts of order lines: share, percent, amount or piece')
    .option('--keep <column...>', 'a column to filter customers by, besides country and channel', collect, [])
    .option('--accept <check...>', 'import although this check fails; the error names the check', collect, [])
    .option('--append', 'add to the existing data; an order that already exists is replaced')
    .option('--replace', 'start anew and keep none of the existing data')
    .option('--dry-run', 'show what the import would give, and change nothing')
    .option('--json', 'print the ledger and all decisions as JSON');
  addTableFlags(command)
    // Files without a flag are refused later, in words that help.
    .allowExcessArguments()
    .addHelpText('after', IMPORT_HELP)
    .action(async (flags, { args }) => {
      const { runImport } = await import('../import.ts');
      done(await runImport({ ...flags, unnamed: args }, environment));
    });
}

/** Flags of a table of customers, which is imported instead of orders. */
function addTableFlags(command: Command): Command {
  return command
    .option('--features <file>', 'instead of orders: a table of customers, one row each, for label "column"')
    .option('--id <column>', 'with --features: the column with the customer’s id')
    .option('--target <column>', 'with --features: the column that says whether the customer churned')
    .option(
      '--positive <value>',
      'with --features: the value of the target that means churned, if its words are ambiguous',
    )
    .option(
      '--weight <column>',
      'with --features: a column of sample weights, which is not used as a feature',
    )
    .option(
      '--value <column>',
      'with --features: a column of money, such as the monthly charge: what is at stake if a customer leaves',
    );
}

function collectFiles(file: string, all: readonly string[] | undefined): string[] {
  return [...(all ?? []), file];
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
