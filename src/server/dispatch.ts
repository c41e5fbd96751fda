/**
 * The one place where a tool call is run: arguments are checked, the handler is timed, and whatever it throws becomes a
 * result that a model can act on, with nothing internal in it.
 */
import type { z } from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import { isWithinCap } from '../mcp/result-size.ts';
import { isGranted, type Tool, type ToolPayload } from '../mcp/tool.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import { plainText } from '../text/plain-text.ts';
import { quoted } from '../text/quoted.ts';
import { failureText } from './failure.ts';
import type { ServerLog } from './server-log.ts';
import type { ToolContent, ToolResult } from './tool-result.ts';

/** Characters of an argument's path that an error shows. */
const MOST_OF_PATH = 60;

export async function dispatch(
  tool: Tool,
  rawArguments: unknown,
  context: ToolContext,
  log: ServerLog,
  /** What the caller was granted; undefined where callers are not told apart. */
  scopes?: readonly string[],
): Promise<ToolResult> {
  const started = performance.now();
  try {
    assertGranted(tool, scopes);
    const payload = await tool.handler(parseArguments(tool, rawArguments), context);
    const structuredContent = tool.output.parse(payload);
    assertFits(tool, structuredContent);
    log.info('tool call', { tool: tool.name, ms: Math.round(performance.now() - started) });
    return { content: contentOf(payload), structuredContent };
  } catch (error) {
    return toErrorResult(tool, error, log);
  }
}

/** The text, and beside it pictures and a note on what happened: the text itself may be bound to the character. */
function contentOf({ text, note, images = [] }: ToolPayload): ToolContent[] {
  return [
    { type: 'text', text },
    ...(note === undefined ? [] : [{ type: 'text' as const, text: note }]),
    ...images.map(({ data, mimeType }) => ({ type: 'image' as const, data, mimeType })),
  ];
}

function assertGranted({ name, scope }: Tool, scopes: readonly string[] | undefined): void {
  if (scopes === undefined || isGranted(scopes, scope)) return;
  throw new ChurnMcpError('FORBIDDEN', `${name} needs the scope ${scope}, and the token does not grant it.`, {
    hint: 'Sign in again with that scope, or ask whoever administers the server.',
  });
}

/** Tools with lists end them in time; this is for what has no list, or forgot. */
function assertFits(tool: Tool, structuredContent: Record<string, unknown>): void {
  if (isWithinCap(structuredContent)) return;
  throw new ChurnMcpError('RESULT_TOO_LARGE', `The answer of ${tool.name} is longer than a client takes.`, {
    hint: 'Ask for less at a time, or for response_format "concise" where the tool has it.',
  });
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
    const unknown = issue.keys.slice(0, 3).map((key) => quoted(key));
    const names = Object.keys(tool.input.shape);
    const known =
      place === ''
        ? ` ${didYouMean(issue.keys[0], names)}Arguments of ${tool.name}: ${names.join(', ')}.`
        : '';
    const where = place === '' ? '' : ` in ${place}`;
    return `Unknown argument ${unknown.join(', ')}${where}.${known}`;
  }
  const message = issue.message.replace(/\.$/, '');
  return place === '' ? `${message}.` : `${plainText(place, MOST_OF_PATH)}: ${message}.`;
}

function toErrorResult(tool: Tool, error: unknown, log: ServerLog): ToolResult {
  const code = error instanceof ChurnMcpError ? error.code : 'INTERNAL';
  const text = failureText(error, tool.name, log);
  return { isError: true, content: [{ type: 'text', text }], _meta: { 'churn-mcp/code': code } };
}
