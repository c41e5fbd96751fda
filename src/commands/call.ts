import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TOOLS } from '../../tools/index.ts';
import { ChurnMcpError, ERROR_CODES } from '../errors.ts';
import { callTool, type ToolCallOutcome } from '../server/call-tool.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';

const argumentsSchema = z.record(z.string(), z.unknown());

/** One tool call, as an MCP client would make it. The result goes to stdout, a refusal to stderr. */
export function runCall(
  tool: string,
  json: string | undefined,
  flags: CommonFlags & { readonly json?: boolean },
  environment: CommandEnvironment,
): Promise<number> {
  const args = parseArguments(json);
  return withServices(environment, flags, async (context) => {
    const outcome = await callByCommand(context, tool, args);
    context.display.stop();
    if (outcome.isError) {
      process.stderr.write(`${outcome.text}\n`);
      return outcome.code === undefined ? 1 : ERROR_CODES[outcome.code].exit;
    }
    context.print(flags.json ? JSON.stringify(outcome.structuredContent, null, 2) : outcome.text);
    return 0;
  });
}

export function callByCommand(
  { services, log, version, signal, display }: CommandContext,
  tool: string,
  args: Record<string, unknown>,
): Promise<ToolCallOutcome> {
  const server = { services, tools: TOOLS, log, version };
  return callTool(server, tool, args, { signal, onProgress: display.listener });
}

/** `{"json": "text"}`, `@file` or `-` for standard input. */
function parseArguments(given: string | undefined): Record<string, unknown> {
  if (given === undefined || given.trim() === '') return {};
  const text = readGiven(given);
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

function readGiven(given: string): string {
  if (given !== '-' && !given.startsWith('@')) return given;
  try {
    return readFileSync(given === '-' ? 0 : given.slice(1), 'utf8');
  } catch (error) {
    throw new ChurnMcpError('USAGE', 'The file with the arguments cannot be read.', { cause: error });
  }
}

function notJson(): ChurnMcpError {
  return new ChurnMcpError('USAGE', 'The arguments are not a JSON object.', {
    hint: `Put them in single quotes, with double quotes inside: churn-mcp call get_at_risk_customers '{"limit": 5}'`,
  });
}
