import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, type Options, rateLimit } from 'express-rate-limit';
import { RPC_CODES, refuse } from './refusal.ts';

const WINDOW_MS = 60_000;

/** Requests of a caller; of an address where callers are not told apart. */
export function limitRequests(perMinute: number): RequestHandler {
  return limitOf(perMinute, (request) => request.auth?.clientId ?? addressOf(request), {});
}

/**
 * An address that sends wrong tokens is not listened to for the rest of the minute. Refusals alone count, and only once
 * they are made: streams stay open for hours, and many may share an address.
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

/** Neighbours in one IPv6 network are one. */
function addressOf({ ip }: Request): string {
  return ipKeyGenerator(ip ?? '');
}
