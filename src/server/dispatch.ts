/**
 * The one place where a tool call is run: arguments are checked, the handler is timed, and whatever it throws becomes a
 * result that a model can act on, with nothing internal in it.
 */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import type { Tool } from '../mcp/tool.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import type { ServerLog } from './server-log.ts';

/** The protocol's `CallToolResult`, as far as it is used. */
export interface ToolResult {
  readonly content: { type: 'text'; text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: true;
  /** Where the call failed: the code of the error. Kept beside the text for programs. */
  readonly _meta?: Record<string, unknown>;
  [key: string]: unknown;
}

const MAX_SHOWN_ARGUMENT = 60;

export async function dispatch(
  tool: Tool,
  rawArguments: unknown,
  context: ToolContext,
  log: ServerLog,
): Promise<ToolResult> {
  const started = performance.now();
  try {
    const payload = await tool.handler(parseArguments(tool, rawArguments), context);
    const structuredContent = tool.output.parse(payload);
    log.info('tool call', { tool: tool.name, ms: Math.round(performance.now() - started) });
    return { content: textsOf(structuredContent), structuredContent };
  } catch (error) {
    return toErrorResult(tool, error, log);
  }
}

/** The text, and beside it a note on what happened on the way: the text itself may be bound to the character. */
function textsOf({ text, note }: Record<string, unknown>): ToolResult['content'] {
  return [text, note].flatMap((part) =>
    typeof part === 'string' ? [{ type: 'text' as const, text: part }] : [],
  );
}

function parseArguments(tool: Tool, rawArguments: unknown): Record<string, unknown> {
  const parsed = tool.input.safeParse(rawArguments ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 3).map((issue) => describeIssue(tool, issue));
  throw new ChurnMcpError('INVALID_ARGUMENT', problems.join(' '));
}

function describeIssue(tool: Tool, issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys.slice(0, 3).map((key) => `"${shorten(key)}"`);
    const names = Object.keys(tool.input.shape);
    const known =
      place === ''
        ? ` ${didYouMean(issue.keys[0], names)}Arguments of ${tool.name}: ${names.join(', ')}.`
        : '';
    const where = place === '' ? '' : ` in ${place}`;
    return `Unknown argument ${unknown.join(', ')}${where}.${known}`;
  }
  const message = issue.message.replace(/\.$/, '');
  return place === '' ? `${message}.` : `${shorten(place)}: ${message}.`;
}

function shorten(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return line.length > MAX_SHOWN_ARGUMENT ? `${line.slice(0, MAX_SHOWN_ARGUMENT)}…` : line;
}

function toErrorResult(tool: Tool, error: unknown, log: ServerLog): ToolResult {
  if (error instanceof ChurnMcpError && error.code !== 'INTERNAL') {
    log.info('tool call refused', { tool: tool.name, code: error.code, cause: causeOf(error) });
    const text = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    return { isError: true, content: [{ type: 'text', text }], _meta: { 'churn-mcp/code': error.code } };
  }
  const reference = randomUUID().slice(0, 8);
  log.error('tool call failed', { tool: tool.name, reference, cause: causeOf(error) });
  const text = `INTERNAL: ${tool.name} failed inside churn-mcp. The server's log has the details under reference ${reference}.`;
  return { isError: true, content: [{ type: 'text', text }], _meta: { 'churn-mcp/code': 'INTERNAL' } };
}

/** The whole chain of causes, for the log alone. */
function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : String(error);
  const cause = causeOf(error.cause);
  return `${error.stack ?? error.message}${cause === undefined ? '' : `\ncaused by: ${cause}`}`;
}
