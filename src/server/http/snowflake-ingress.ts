/**
 * What Snowflake's ingress has done before a request arrives in a container there: it has authenticated the caller, taken their
 * token away, and written into a header who they are.
 */
import type { RequestHandler } from 'express';
import { SCOPES } from '../../mcp/tool.ts';
import { RPC_CODES } from '../request-error.ts';
import { refuse } from './refusal.ts';

const USER_HEADER = 'sf-context-current-user';

/** Snowflake gives each public endpoint a name below one of these, and sends requests on with it. */
const DOMAINS = ['.snowflakecomputing.app', '.snowflakecomputing.com', '.snowflakecomputing.cn'];

/** @param host as the header has it */
export function isIngressHost(host: string | undefined): boolean {
  const name = URL.parse(`https://${host}`)?.hostname ?? '';
  return DOMAINS.some((domain) => name.endsWith(domain));
}

/** Each user is a principal of their own, who may do everything that the server offers. */
export const identifyUser: RequestHandler = (request, response, next) => {
  const [user, ...others] = request.headersDistinct[USER_HEADER] ?? [];
  if (user === undefined || user === '' || others.length > 0) {
    const message = 'The request names no user, so it did not come through the ingress of Snowflake.';
    return refuse(response, 403, RPC_CODES.refused, message);
  }
  request.auth = { token: '', clientId: JSON.stringify([user, 'snowflake']), scopes: [...SCOPES] };
  next();
};
