/**
 * The only place that runs a tool call: it checks arguments, times the handler, checks the output, and turns every error
 * into a result that a model can act on, without internals.
 */
import { ChurnMcpError, codeOf } from '../errors.ts';
import { asStorageFault } from '../files/system-error.ts';
import { freshnessFieldsOf, freshnessText } from '../mcp/freshness.ts';
import { isWithinCap } from '../mcp/result-size.ts';
import { isGranted, type Tool, type ToolPayload } from '../mcp/tool.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import { failureText } from './failure.ts';
import type { ServerLog } from './server-log.ts';
import { parseArguments } from './tool-arguments.ts';
import type { ToolContent, ToolResult } from './tool-result.ts';

export interface ToolCall {
  readonly tool: Tool;
  /** The arguments as received, not checked yet. */
  readonly args: unknown;
  /** The scopes granted to the caller; undefined if callers are not told apart. */
  readonly scopes?: readonly string[] | undefined;
  /** As the client numbers the request, for the log. */
  readonly requestId?: string | number | undefined;
}

/** Never throws. */
export async function dispatch(call: ToolCall, context: ToolContext, log: ServerLog): Promise<ToolResult> {
  const { tool, args, scopes, requestId } = call;
  const started = performance.now();
  const fields = () => ({
    tool: tool.name,
    ms: Math.round(performance.now() - started),
    ...(requestId !== undefined && { request: requestId }),
  });
  try {
    assertGranted(tool, scopes);
    const parsed = parseArguments(tool, args);
    const answer = () => tool.handler(parsed, context);
    const { result: payload, freshness: orders } = tool.tellsFreshness
      ? await context.freshness.ofAnswer(answer)
      : { result: await answer(), freshness: undefined };
    const structuredContent = tool.output.parse(payload);
    assertFits(tool, structuredContent);
    log.info('tool call', fields());
    const isAboutTable = structuredContent.label === 'column';
    const freshness = tool.tellsFreshness && isAboutTable ? await context.freshness.ofTable() : orders;
    if (freshness === undefined) return { content: contentOf(payload), structuredContent };
    const asOf = typeof parsed.as_of === 'string' ? parsed.as_of : undefined;
    const line = freshnessText(freshness, context.freshness.now(), asOf);
    return {
      content: contentOf(payload, line),
      structuredContent: { ...structuredContent, data: freshnessFieldsOf(freshness) },
    };
  } catch (error) {
    return toErrorResult(tool, error, log, fields());
  }
}

/**
 * The text, then a note on what happened and how fresh the data is (the text itself may be fixed to the character), then
 * pictures.
 */
function contentOf({ text, note, link, images = [] }: ToolPayload, freshness?: string): ToolContent[] {
  const remarks = [note, freshness].filter((remark) => remark !== undefined);
  return [
    { type: 'text', text },
    ...remarks.map((remark) => ({ type: 'text' as const, text: remark })),
    ...(link === undefined ? [] : [{ type: 'resource_link' as const, ...link }]),
    ...images.map(({ data, mimeType }) => ({ type: 'image' as const, data, mimeType })),
  ];
}

function assertGranted({ name, scope }: Tool, scopes: readonly string[] | undefined): void {
  if (scopes === undefined || isGranted(scopes, scope)) return;
  throw new ChurnMcpError('FORBIDDEN', `${name} needs the scope ${scope}, and the token does not grant it.`, {
    hint: 'Sign in again with that scope, or ask the administrator of the server.',
  });
}

/** Tools shorten their lists themselves. This check catches an answer that is still too long. */
function assertFits(tool: Tool, structuredContent: Record<string, unknown>): void {
  if (isWithinCap(structuredContent)) return;
  throw new ChurnMcpError('RESULT_TOO_LARGE', `The answer of ${tool.name} is longer than clients accept.`, {
    hint: 'Ask for less at a time, or set response_format to "concise" if the tool has it.',
  });
}

/** The answer to a failed call. */
export function toErrorResult(
  tool: Tool,
  error: unknown,
  log: ServerLog,
  fields: Readonly<Record<string, unknown>> = { tool: tool.name },
): ToolResult {
  const code = codeOf(asStorageFault(error));
  const text = failureText(error, tool.name, log, fields);
  return { isError: true, content: [{ type: 'text', text }], _meta: { 'churn-mcp/code': code } };
}
