import type { RequestHandler } from 'express';
import { z } from 'zod';
import { isGranted, type Tool } from '../../mcp/tool.ts';
import { RPC_CODES } from '../request-error.ts';
import { refuse } from './refusal.ts';

const callSchema = z.looseObject({
  method: z.literal('tools/call'),
  params: z.looseObject({ name: z.string() }),
});

/**
 * Refuses a call that the token does not allow with 403 and the missing scope, as the protocol's authorization says:
 * clients then ask their user for that scope. The dispatcher checks scopes again.
 */
export function checkScope(tools: readonly Tool[], metadataUrl: string | undefined): RequestHandler {
  const scopes = new Map(tools.map(({ name, scope }) => [name, scope]));
  return (request, response, next) => {
    const granted = request.auth?.scopes;
    const call = callSchema.safeParse(request.body);
    const scope = call.success ? scopes.get(call.data.params.name) : undefined;
    if (scope === undefined || granted === undefined || isGranted(granted, scope)) return next();
    const metadata = metadataUrl === undefined ? '' : `, resource_metadata="${metadataUrl}"`;
    response.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"${metadata}`);
    refuse(response, 403, RPC_CODES.refused, `The call needs the scope ${scope}.`);
  };
}
