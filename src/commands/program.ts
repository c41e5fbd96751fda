/** From arguments to a command: names, flags, help, and the exit code of whatever goes wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import type { CommandEnvironment } from './command-context.ts';

const EXIT_USAGE = 2;
const EXIT_BROKEN = 3;

const manifestSchema = z.object({ version: z.string() });

/** Runs the command that the arguments name, and returns the exit code: 0, 1, 2 or 3. */
export async function runProgram(
  args: readonly string[],
  process_: Omit<CommandEnvironment, 'version'>,
): Promise<number> {
  let exitCode = 0;
  const { version } = manifestSchema.parse(
    JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')),
  );
  const environment = { ...process_, version };
  const program = buildProgram(environment, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(withDefaultCommand(args), { from: 'user' });
    return exitCode;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** Without a command, it is the stdio server that is wanted: clients start it so. */
function withDefaultCommand(args: readonly string[]): string[] {
  const first = args.at(0);
  const asksForItself = ['-h', '--help', '-V', '--version'].includes(first ?? '');
  const namesNoCommand = first === undefined || (first.startsWith('-') && !asksForItself);
  return namesNoCommand ? ['stdio', ...args] : [...args];
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help that was asked for ends with 0; help on a command that there is not ends with 1.
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  if (error instanceof ChurnMcpError) {
    process.stderr.write(`${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `churn-mcp failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT_BROKEN;
}

type Done = (exitCode: number) => void;

function buildProgram(environment: CommandEnvironment, done: Done): Command {
  const program = new Command('churn-mcp')
    .description(
      'Tells a shop who is about to leave, why, and what to offer them.\nWithout a command it is the stdio server that MCP clients start.',
    )
    .version(environment.version)
    // Else `score --version V` would be taken for a question about the program's own version.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => process.stderr.write(text),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(churn-mcp --help shows all commands; churn-mcp COMMAND --help its flags)')
    .addHelpText('after', PROGRAM_HELP);

  const add = (name: string, description: string, example: string) =>
    program
      .command(name)
      .description(description)
      .option(
        '--home <folder>',
        'folder that holds all state (default: CHURN_MCP_HOME, else the platform’s data folder)',
      )
      .option('--threads <n>', 'training threads (default: one a core)')
      .option('-q, --quiet', 'no progress')
      .allowExcessArguments(false)
      .addHelpText('after', `\nExample:\n  ${example}`);

  add('stdio', 'serves MCP on stdin and stdout (the default)', 'churn-mcp').action(async (flags) => {
    const { runStdioServer } = await import('./serve-stdio.ts');
    done(await runStdioServer(flags, environment));
  });

  add(
    'http',
    'serves MCP over Streamable HTTP',
    'CHURN_MCP_HTTP_TOKEN=$(openssl rand -hex 32) churn-mcp http',
  )
    .option('--host <address>', 'address to listen on (default: CHURN_MCP_HTTP_HOST, else 127.0.0.1)')
    .option('--port <n>', 'port, 0 for any free one (default: CHURN_MCP_HTTP_PORT, else 3000)')
    .option(
      '--token <secret>',
      'what clients must send; better in CHURN_MCP_HTTP_TOKEN, which other users of the machine cannot see',
    )
    .addHelpText(
      'after',
      '\nTokens of an OAuth server: CHURN_MCP_OAUTH_ISSUER and more, in docs/http.md. TLS is left to a proxy.',
    )
    .action(async (flags) => {
      const { runHttpServer } = await import('./serve-http.ts');
      done(await runHttpServer(flags, environment));
    });

  add('dashboard', 'shows models, customers at risk and recommendations in a browser', 'churn-mcp dashboard')
    .option('--port <n>', 'port, 0 for any free one', '0')
    .option('--no-open', 'print the address and open no browser')
    .action(async (flags) => {
      const { runDashboard } = await import('./dashboard.ts');
      done(await runDashboard(flags, environment));
    });

  add('demo', 'makes the demo shop, trains the models, shows all answers', 'churn-mcp demo --customers 5000')
    .option('--customers <n>', 'customers of the shop', '20000')
    .option('--seed <n>', 'another number makes another shop', '42')
    .option('--as-of <day>', 'day of the last order (default: today)')
    .action(async (flags) => {
      const { runDemo } = await import('./demo.ts');
      done(await runDemo(flags, environment));
    });

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
    .option('--features <file>', 'instead of orders: a table of customers, one row each, for label "column"')
    .option('--id <column>', 'with --features: the column that tells customers apart')
    .option('--target <column>', 'with --features: the column that says who churned')
    .option(
      '--positive <value>',
      'with --features: the target’s value that means churned, where it does not tell',
    )
    .action(async (flags) => {
      const { runImport } = await import('./import.ts');
      done(await runImport(flags, environment));
    });

  add(
    'call',
    'makes one tool call, as an MCP client would',
    `churn-mcp call get_product_recommendations '{"n_customers": 10, "segment": "AT_RISK"}' --json`,
  )
    .argument('<tool>', 'name of the tool')
    .argument('[arguments]', 'JSON object, @file, or - for standard input')
    .option('--json', 'print the structured content instead of the text')
    .action(async (tool, json, flags) => {
      const { runCall } = await import('./call.ts');
      done(await runCall(tool, json, flags, environment));
    });

  add(
    'score',
    'writes the churn probability of every customer to a file',
    'churn-mcp score --model customer_churn_forecast --out scores.csv',
  )
    .option('--model <name>', 'registered model (default with --features: customer_churn_column)')
    .option('--features <file>', 'score this table of customers instead of the imported data')
    .option('--version <version>', 'version (default: the champion)')
    .option('--as-of <day>', 'nothing after this day is seen (default: the last order’s)')
    .option('--out <file>', 'file to write, .csv or .parquet')
    .option('--to-snowflake', 'write them to CHURN_PREDICTIONS there, each once')
    .action(async (flags) => {
      const { runScore } = await import('./score.ts');
      done(await runScore(flags, environment));
    });

  add(
    'recommend',
    'writes the best products of every customer to a file',
    'churn-mcp recommend --n-products 10 --out recommendations.parquet',
  )
    .requiredOption('--n-products <k>', 'products a customer')
    .option('--version <version>', 'version (default: the champion)')
    .option('--as-of <day>', 'nothing after this day is seen (default: the last order’s)')
    .option('--include-purchased', 'products that the customer has bought compete too')
    .requiredOption('--out <file>', 'file to write, .csv or .parquet')
    .action(async (flags) => {
      const { runRecommend } = await import('./recommend.ts');
      done(await runRecommend(flags, environment));
    });

  add(
    'models',
    'lists the registered models, promotes a version, imports one that XGBoost trained, or copies them to Snowflake and back',
    'churn-mcp models promote customer_churn_forecast v_20261123_101500',
  )
    .argument('[action]', 'list, promote, import; with Snowflake: push, remote, pull', 'list')
    .argument('[model]', 'registered model; with import: a file that booster.save_model wrote, .json or .ubj')
    .argument('[version]', 'version to promote, push or pull (of the latter two by default the champions)')
    .option('--promote', 'with pull: what is taken over becomes the champion')
    .option('--features <names>', 'with import: its columns in order, with commas between them')
    .option(
      '--model <name>',
      'with import: which model it becomes a version of (default: customer_churn_forecast)',
    )
    .option('--scaler <file>', 'with import: JSON with mean and scale of the StandardScaler before it')
    .option('--horizon-days <n>', 'with import: days ahead that it predicts (default: the champion’s)')
    .option('--comment <text>', 'with import: a note for its card')
    .option('--json', 'print the structured content instead of the text')
    .addHelpText(
      'after',
      '  churn-mcp models import churn.ubj --features TOTAL_ORDERS,TOTAL_SPENT --model customer_churn_predictor',
    )
    .action(async (action, model, version, flags) => {
      const { runModels } = await import('./models.ts');
      done(await runModels({ action, model, version }, flags, environment));
    });

  add(
    'retrain',
    'trains a new version, compares it with the champion and promotes it if it is at least as good',
    'churn-mcp retrain --model customer_churn_forecast --quiet',
  )
    .option('--model <name>', 'registered model', 'customer_churn_forecast')
    .option('--horizon-days <n>', 'days ahead (default: the champion’s)')
    .option('--as-of <day>', 'nothing after this day is seen (default: the last order’s)')
    .option('--json', 'print the structured content instead of the text')
    .addHelpText('after', '\nExit codes: 0 the new version is the champion, 4 the champion stays.')
    .action(async (flags) => {
      const { runRetrain } = await import('./retrain.ts');
      done(await runRetrain(flags, environment));
    });

  add(
    'eval',
    'shows how the champions did on rows they had not seen, beside simple rules',
    'churn-mcp eval --model product_recommendation',
  )
    .option('--model <name>', 'registered model (default: the champion of each)')
    .option('--version <version>', 'version of that model (default: the champion)')
    .option('--json', 'print data instead of a table')
    .action(async (flags) => {
      const { runEval } = await import('./eval.ts');
      done(await runEval(flags, environment));
    });

  add(
    'deploy',
    'makes in Snowflake what serves there: tables, scoring functions, the procedure, an agent',
    'churn-mcp deploy snowflake --dry-run',
  )
    .argument('<target>', 'snowflake')
    .option('--dry-run', 'print the statements and send nothing')
    .option(
      '--only <parts>',
      'with commas between them: schemas, serving, interactive, models, inference, procedure, agent, mcp; and what is only made when named: onnx, external-mcp, task',
    )
    .option('--warehouse <name>', 'warehouse that refreshes the tables (default: the connection’s)')
    .option('--grant-to <role>', 'role that may use what is made, read only; give it every time')
    .option('--mcp-url <url>', 'for external-mcp: where this server answers, with the /mcp')
    .option('--oauth-client-id <id>', 'for external-mcp; the secret is CHURN_MCP_OAUTH_CLIENT_SECRET')
    .option('--oauth-token-endpoint <url>', 'for external-mcp')
    .option('--oauth-authorization-endpoint <url>', 'for external-mcp')
    .option('--compute-pool <name>', 'for task: where the container runs')
    .option('--image <path>', 'for task: the container image, as /db/schema/repository/churn-mcp:version')
    .addHelpText(
      'after',
      '\nThe account is that of the data: docs/snowflake.md. It can be sent again at any time.',
    )
    .action(async (target, flags) => {
      const { runDeploy } = await import('./deploy.ts');
      done(await runDeploy(target, flags, environment));
    });

  add('undeploy', 'takes back from Snowflake what deploy made', 'churn-mcp undeploy snowflake --dry-run')
    .argument('<target>', 'snowflake')
    .option('--dry-run', 'print the statements and send nothing')
    .option('--all', 'the models, predictions and files kept there as well')
    .action(async (target, flags) => {
      const { runUndeploy } = await import('./deploy.ts');
      done(await runUndeploy(target, flags, environment));
    });

  add('doctor', 'checks everything churn-mcp needs, and names the fix', 'churn-mcp doctor').action(
    async (flags) => {
      const { runDoctor } = await import('./doctor.ts');
      done(await runDoctor(flags, environment));
    },
  );

  return program;
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}

const PROGRAM_HELP = `
Exit codes: 0 done, 1 the tool reported an error, 2 wrong usage, 3 broken environment, 130 interrupted.

First steps:
  churn-mcp demo
  churn-mcp import --orders orders.csv
  churn-mcp call get_at_risk_customers`;
