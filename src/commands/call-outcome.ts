import { TOOLS } from '../../tools/index.ts';
import { ERROR_CODES } from '../error-codes.ts';
import { tellFailure } from '../log.ts';
import { callTool, type ToolCallOutcome } from '../server/call-tool.ts';
import type { CommandContext } from './command-context.ts';

/** Calls a tool as an MCP client would. */
export function callByCommand(
  { services, log, version, signal, display }: CommandContext,
  tool: string,
  args: Record<string, unknown>,
): Promise<ToolCallOutcome> {
  const server = { services, tools: TOOLS, log, version };
  return callTool(server, tool, args, { signal, onProgress: display.listener });
}

/**
 * Prints an answer to standard output, and an error to standard error.
 *
 * @returns the exit code: 0, or the exit code of the error
 */
export function printOutcome(
  { display, print }: CommandContext,
  outcome: ToolCallOutcome,
  asJson = false,
): number {
  display.stop();
  if (outcome.isError) {
    tellFailure(`${outcome.text}\n`, { message: outcome.text, code: outcome.code });
    return outcome.code === undefined ? 1 : ERROR_CODES[outcome.code].exit;
  }
  print(asJson ? JSON.stringify(outcome.structuredContent, null, 2) : outcome.text);
  return 0;
}
