/** From arguments to a command: names, flags, help, and the exit code of every error. */
import { Command, CommanderError } from 'commander';
import { wantsJsonLines } from '../config.ts';
import { ChurnMcpError } from '../errors.ts';
import { asStorageFault } from '../files/system-error.ts';
import { tellFailure, writeLinesAsJson } from '../log.ts';
import { inSpan } from '../tracing.ts';
import type { CommandEnvironment } from './command-context.ts';
import type { AddCommand, Done } from './flags/add-command.ts';
import { addAlertsCommand } from './flags/alerts-command.ts';
import { addAnsweringCommands } from './flags/answering-commands.ts';
import { addDataCommands } from './flags/data-commands.ts';
import { addDoctorCommand } from './flags/doctor-command.ts';
import { addModelCommands } from './flags/model-commands.ts';
import { addServingCommands } from './flags/serving-commands.ts';
import { addSnowflakeCommands } from './flags/snowflake-commands.ts';
import { programVersion } from './program-version.ts';
import { startTracing } from './start-tracing.ts';

const EXIT_USAGE = 2;
const EXIT_BROKEN = 3;

/** Their requests are traces of their own. */
const SERVERS: readonly string[] = ['stdio', 'http', 'dashboard'];

/** Runs the command that the arguments name, and returns the exit code: 0, 1, 2 or 3. */
export async function runProgram(
  args: readonly string[],
  process_: Omit<CommandEnvironment, 'version'>,
): Promise<number> {
  let exitCode = 0;
  if (wantsJsonLines()) writeLinesAsJson();
  const environment = { ...process_, version: programVersion() };
  const program = buildProgram(environment, (code) => {
    exitCode = code;
  });
  try {
    await using _tracing = await startTracing();
    const given = withDefaultCommand(args);
    const run = () => program.parseAsync(given, { from: 'user' });
    const [command] = given;
    if (SERVERS.includes(command ?? '')) await run();
    else
      await inSpan(
        { name: `churn-mcp ${program.commands.find((one) => one.name() === command)?.name() ?? 'help'}` },
        run,
      );
    return exitCode;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** Without a command, the stdio server starts: this is how clients start it. */
function withDefaultCommand(args: readonly string[]): string[] {
  const first = args.at(0);
  const asksForItself = ['-h', '--help', '-V', '--version'].includes(first ?? '');
  const namesNoCommand = first === undefined || (first.startsWith('-') && !asksForItself);
  return namesNoCommand ? ['stdio', ...args] : [...args];
}

function exitCodeOf(thrown: unknown): number {
  const error = asStorageFault(thrown);
  if (error instanceof CommanderError) {
    // Help ends with 0; help on an unknown command ends with 1.
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  if (error instanceof ChurnMcpError) {
    const { code, hint, message } = error;
    tellFailure(`${error.sentences}\n`, { message, code, hint });
    return error.exitCode;
  }
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tellFailure(`churn-mcp failed: ${said}\n`, { message: 'churn-mcp failed', code: 'INTERNAL', cause: said });
  return EXIT_BROKEN;
}

function buildProgram(environment: CommandEnvironment, done: Done): Command {
  const program = new Command('churn-mcp')
    .description(
      'Tells a shop who is about to leave, why, and what to offer them.\nWithout a command it is the stdio server that MCP clients start.',
    )
    .version(environment.version)
    // Otherwise `score --version V` would print the version of the program.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => tellFailure(text, { message: text.trim(), code: 'USAGE' }),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(churn-mcp --help shows all commands; churn-mcp COMMAND --help its flags)')
    .addHelpText('after', PROGRAM_HELP);

  const add: AddCommand = (name, description, example) =>
    program
      .command(name)
      .description(description)
      .option(
        '--home <folder>',
        'folder that holds all state (default: CHURN_MCP_HOME, else the platform’s data folder)',
      )
      .option('--threads <n>', 'training threads (default: one per core)')
      .option('-q, --quiet', 'no progress')
      .allowExcessArguments(false)
      .addHelpText('after', `\nExample:\n  ${example}`);

  addServingCommands(add, environment, done);
  addDataCommands(add, environment, done);
  addAnsweringCommands(add, environment, done);
  addModelCommands(add, environment, done);
  addAlertsCommand(add, environment, done);
  addSnowflakeCommands(add, environment, done);
  addDoctorCommand(add, environment, done);
  add(
    'completion',
    'prints what a shell needs to complete commands and flags',
    'eval "$(churn-mcp completion bash)"',
  )
    .argument('<shell>', 'bash, zsh or fish')
    .option('--json', 'print the commands, and the words that may follow each, as JSON')
    .action(async (shell, { json }) => {
      const { runCompletion } = await import('./completion.ts');
      done(runCompletion(shell, program, { asJson: json === true, ...environment }));
    });
  return program;
}

const PROGRAM_HELP = `
Exit codes: 0 done, 1 the tool reported an error, 2 wrong usage, 3 broken environment, 130 interrupted.

First steps:
  churn-mcp demo
  churn-mcp import --orders orders.csv
  churn-mcp call get_at_risk_customers`;
