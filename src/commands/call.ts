import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { quoted } from '../text/quoted.ts';
import { callByCommand, printOutcome } from './call-outcome.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';

const argumentsSchema = z.record(z.string(), z.unknown());

/** Makes one tool call as an MCP client would. The result goes to stdout and an error to stderr, also with --json. */
export async function runCall(
  tool: string,
  json: string | undefined,
  flags: CommonFlags & { readonly json?: boolean },
  environment: CommandEnvironment,
): Promise<number> {
  const args = await parseArguments(json, environment);
  return withServices(environment, flags, async (context) => {
    return printOutcome(context, await callByCommand(context, tool, args), flags.json);
  });
}

/** `{"json": "text"}`, `@file` or `-` for standard input. */
async function parseArguments(
  given: string | undefined,
  environment: CommandEnvironment,
): Promise<Record<string, unknown>> {
  if (given === undefined || given.trim() === '') return {};
  const text = await readGiven(given, environment);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notJson();
  }
  const parsed = argumentsSchema.safeParse(value);
  if (!parsed.success) throw notJson();
  return parsed.data;
}

async function readGiven(given: string, { stdin, signal }: CommandEnvironment): Promise<string> {
  if (given === '-') {
    const stop = () => stdin.destroy();
    signal.addEventListener('abort', stop, { once: true });
    const text = await textOf(stdin).catch(() => '');
    signal.removeEventListener('abort', stop);
    throwIfAborted(signal);
    return text;
  }
  if (!given.startsWith('@')) return given;
  try {
    return await readFile(given.slice(1), 'utf8');
  } catch (cause) {
    throw new ChurnMcpError('USAGE', `The file ${quoted(given.slice(1), 200)} cannot be read.`, {
      hint: 'Write @FILE, the name of a file that holds the arguments as a JSON object. Check that the file exists and can be read.',
      cause,
    });
  }
}

function notJson(): ChurnMcpError {
  return new ChurnMcpError('USAGE', 'The arguments are not a JSON object.', {
    hint: `Put them in single quotes, with double quotes inside: churn-mcp call get_at_risk_customers '{"limit": 5}'`,
  });
}
