/** The commands that take rows as they come, and fold them into the data. */
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

const INGEST_HELP = `
  tail -F orders.ndjson | churn-mcp ingest --channel shop
  churn-mcp ingest --follow --kind orders orders.csv
  churn-mcp ingest --follow drop-folder

A row is a JSON object in a line, or a record of a CSV file with a header. Its fields are those of an import: order_id,
customer_id, order_date, order_status, total_amount and so on; docs/ingest.md lists them. A row with the key of an earlier
one replaces it. Rows are acknowledged once they are on the disk, and those that are sent again are skipped: a file is read
on from its last byte, standard input from its last line if --channel names it.`;

export function addRefreshCommand(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add('refresh', 'folds the rows that ingest took into the data, once', 'churn-mcp refresh')
    .option('--rebuild', 'build all tables anew, and not only the rows that changed')
    .option('--json', 'print what was done as JSON')
    .action(async (flags) => {
      const { runRefresh } = await import('../refresh.ts');
      done(await runRefresh(flags, environment));
    });
}

export function addIngestCommand(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'ingest',
    'takes orders, lines, customers, products and returns as they come',
    'churn-mcp ingest --kind orders orders.ndjson',
  )
    .argument('[file...]', 'files and folders of rows (NDJSON or CSV); without one, standard input')
    .option(
      '--kind <kind>',
      'orders, order_items, customers, products or returns; by default the field kind of each row',
    )
    .option('--format <format>', 'ndjson or csv (default: by the name of the file, else ndjson)')
    .option('--channel <name>', 'the channel of the rows; its offset token tells which were stored before')
    .option(
      '--map <field=name...>',
      'the name that the rows give a field',
      (text: string, all: readonly string[]) => [...all, text],
      [],
    )
    .option('--follow', 'wait for more rows and more files, until Ctrl-C')
    .option('--target-lag <seconds>', 'how long a row may wait until answers count it', '60')
    .option('--no-refresh', 'only store the rows; churn-mcp refresh folds them into the data')
    .option(
      '--to-snowflake',
      'store the rows in the tables of the Snowflake account, through Snowpipe Streaming',
    )
    .option('--acks', 'print a line of JSON for each batch that is stored: channel, offset_token, rows')
    .option('--json', 'print the totals as JSON')
    .addHelpText('after', INGEST_HELP)
    .action(async (files, flags) => {
      const { runIngest } = await import('../ingest.ts');
      done(await runIngest(files, flags, environment));
    });
}
