import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, type Options, rateLimit } from 'express-rate-limit';
import { RPC_CODES } from '../request-error.ts';
import { refuse } from './refusal.ts';

const WINDOW_MS = 60_000;

/** Limits requests per caller, or per address if callers are not told apart. A request is one message, so at most one call. */
export function limitRequests(perMinute: number): RequestHandler {
  return limitOf(perMinute, callerOf, {});
}

/**
 * Refuses an address that sends too many wrong tokens for the rest of the minute. Only refused requests count: streams
 * stay open for hours, and many clients may share an address.
 */
export function limitWrongTokens(perMinute: number): RequestHandler[] {
  const wrongTokens = new MemoryStore();
  const isWithinLimit = async (request: Request) => {
    const seen = await wrongTokens.get(addressOf(request));
    return seen === undefined || seen.totalHits < perMinute || Number(seen.resetTime) <= Date.now();
  };
  return [
    limitOf(perMinute, addressOf, { store: wrongTokens, skip: isWithinLimit }),
    (request, response, next) => {
      response.once('finish', () => {
        if (response.statusCode !== 401 || request.headers.authorization === undefined) return;
        wrongTokens.increment(addressOf(request)).catch(() => undefined);
      });
      next();
    },
  ];
}

function limitOf(
  perMinute: number,
  keyGenerator: (request: Request) => string,
  more: Partial<Options>,
): RequestHandler {
  return rateLimit({
    ...more,
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator,
    handler: (_request, response) =>
      refuse(response, 429, RPC_CODES.refused, 'Too many requests: wait a minute.'),
  });
}

/** The sender of a request: its principal, or the address if callers are not told apart. */
export function callerOf(request: Request): string {
  return request.auth?.clientId ?? addressOf(request);
}

/** All addresses of one IPv6 network count as one. */
function addressOf({ ip }: Request): string {
  return ipKeyGenerator(ip ?? '');
}
