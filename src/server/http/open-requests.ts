import type { Request, RequestHandler } from 'express';
import { RPC_CODES } from '../request-error.ts';
import { refuse } from './refusal.ts';

/**
 * Limits the requests per caller that are not fully answered yet. Otherwise a client that asks and never reads would fill
 * the memory with answers.
 */
export function limitOpenRequests(most: number, callerOf: (request: Request) => string): RequestHandler {
  const open = new Map<string, number>();
  return (request, response, next) => {
    // A client may keep its listening stream open as long as it likes; sessions are limited instead.
    if (request.method === 'GET') return next();
    const caller = callerOf(request);
    const count = open.get(caller) ?? 0;
    if (count >= most) {
      response.set('Retry-After', '1');
      return refuse(
        response,
        429,
        RPC_CODES.refused,
        `${most} of your requests are not answered yet. Wait until some are answered.`,
      );
    }
    open.set(caller, count + 1);
    response.once('close', () => {
      const left = (open.get(caller) ?? 1) - 1;
      if (left === 0) open.delete(caller);
      else open.set(caller, left);
    });
    next();
  };
}
