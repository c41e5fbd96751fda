import { inSpan } from '../tracing.ts';
import type { Method, RequestContext, Result } from './request-handlers.ts';

/**
 * A request as a span, by OpenTelemetry's conventions for MCP. The caller's span is in `_meta`; over HTTP, a header may name it
 * instead.
 */
export function inRequestSpan(
  method: Method,
  params: unknown,
  { requestId }: Pick<RequestContext, 'requestId'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const { name, _meta } = fieldsOf(params);
  const target = typeof name === 'string' && /^\w{1,64}$/.test(name) ? name : undefined;
  const { traceparent } = fieldsOf(_meta);
  const request = {
    name: target === undefined ? method : `${method} ${target}`,
    kind: 'server' as const,
    attributes: {
      'mcp.method.name': method,
      'jsonrpc.request.id': requestId === undefined ? undefined : String(requestId),
      ...(method === 'tools/call' && { 'gen_ai.tool.name': target, 'gen_ai.operation.name': 'execute_tool' }),
      ...(method === 'prompts/get' && { 'gen_ai.prompt.name': target }),
    },
    parent: typeof traceparent === 'string' ? traceparent : undefined,
  };
  return inSpan(request, async (span) => {
    const result = await work();
    if (result.isError === true) span.fail(String(fieldsOf(result._meta)['churn-mcp/code'] ?? 'tool_error'));
    return result;
  });
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
