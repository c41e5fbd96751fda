import type { RequestHandler } from 'express';
import { z } from 'zod';
import { isGranted, type Tool } from '../../mcp/tool.ts';
import { RPC_CODES } from './refusal.ts';

const callSchema = z.looseObject({
  method: z.literal('tools/call'),
  params: z.looseObject({ name: z.string() }),
});

/**
 * Refuses a call that the token does not reach to with 403 and the scope that would do, as the protocol's authorization
 * has it: clients then ask their user for more. The tools' own check stands behind it.
 */
export function checkScope(tools: readonly Tool[], metadataUrl: string | undefined): RequestHandler {
  const scopes = new Map(tools.map(({ name, scope }) => [name, scope]));
  return (request, response, next) => {
    const granted = request.auth?.scopes;
    const messages: unknown[] = Array.isArray(request.body) ? request.body : [request.body];
    const missing = messages.flatMap((message) => {
      const call = callSchema.safeParse(message);
      const scope = call.success ? scopes.get(call.data.params.name) : undefined;
      return scope !== undefined && granted !== undefined && !isGranted(granted, scope) ? [scope] : [];
    });
    const [scope] = missing;
    if (scope === undefined) return next();
    const metadata = metadataUrl === undefined ? '' : `, resource_metadata="${metadataUrl}"`;
    response.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"${metadata}`);
    response.status(403).json({
      jsonrpc: '2.0',
      error: { code: RPC_CODES.refused, message: `The call needs the scope ${scope}.` },
      id: null,
    });
  };
}
