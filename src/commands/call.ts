import { TOOLS } from '../../tools/index.ts';
import { parseCallArguments } from './call-arguments.ts';
import { callByCommand, printOutcome } from './call-outcome.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';

/** Makes one tool call as an MCP client would. The result goes to stdout and an error to stderr, also with --json. */
export async function runCall(
  name: string,
  given: readonly string[],
  flags: CommonFlags & { readonly json?: boolean },
  environment: CommandEnvironment,
): Promise<number> {
  const tool = TOOLS.find((each) => each.name === name);
  const args = await parseCallArguments(given, tool, environment);
  return withServices(environment, flags, async (context) => {
    return printOutcome(context, await callByCommand(context, name, args), flags.json);
  });
}
