/**
 * A web page can make its visitor's browser send requests to this machine, even under a host name that the page controls.
 * So requests for unknown hosts and from unknown pages are refused (DNS rebinding, cross-site requests).
 */
import { hostHeaderValidation } from '@modelcontextprotocol/sdk/server/middleware/hostHeaderValidation.js';
import type { RequestHandler } from 'express';
import type { HttpConfig } from '../../http-config.ts';
import { THIS_MACHINE } from '../../this-machine.ts';
import { RPC_CODES } from '../request-error.ts';
import { refuse } from './refusal.ts';
import { isIngressHost } from './snowflake-ingress.ts';

export function checkHost({ host, publicUrl, allowedHosts, access }: HttpConfig): RequestHandler {
  const listening = host.includes(':') ? `[${host}]` : host;
  const known = [...THIS_MACHINE, listening, ...(publicUrl ? [publicUrl.hostname] : []), ...allowedHosts];
  const checkKnown = hostHeaderValidation([...new Set(known.map((name) => name.toLowerCase()))]);
  if (access.kind !== 'snowflake') return checkKnown;
  return (request, response, next) =>
    isIngressHost(request.headers.host) ? next() : checkKnown(request, response, next);
}

/** Clients that are no browsers send no origin. */
export function checkOrigin(config: HttpConfig): RequestHandler {
  return (request, response, next) => {
    const { origin, host } = request.headers;
    const own = isIngressHost(host) ? `https://${host}` : `http://${host}`;
    if (origin === undefined || origin === own || allowedOrigins(config).includes(origin)) {
      return next();
    }
    refuse(response, 403, RPC_CODES.refused, 'Web pages of that origin may not call this server.');
  };
}

export function allowedOrigins({ publicUrl, allowedOrigins: others }: HttpConfig): string[] {
  return [...(publicUrl ? [publicUrl.origin] : []), ...others];
}
