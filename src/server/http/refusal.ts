import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import { DEEPEST_JSON, isDeepJson } from '../../text/json-depth.ts';
import { failureText } from '../failure.ts';
import { RPC_CODES } from '../request-error.ts';
import type { ServerLog } from '../server-log.ts';

/** An error in the form of the protocol, because clients read no other. */
export function refuse(response: Response, status: number, code: number, message: string): void {
  response.status(status).json({ jsonrpc: '2.0', error: { code, message }, id: null });
}

/** What the JSON parser of express reports. */
const bodyErrorSchema = z.looseObject({ type: z.string().optional(), status: z.int() });

/** Called with a body before it is parsed. What it throws reaches the handler below as `entity.verify.failed`. */
export function refuseDeepBody(_request: unknown, _response: unknown, body: Buffer): void {
  if (isDeepJson(body)) throw new Error('the body is nested too deep');
}

/** The last error handler. It sends no internals. */
export function refusalHandler(log: ServerLog) {
  return (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const body = bodyErrorSchema.safeParse(error);
    if (body.success && body.data.type === 'entity.too.large') {
      return refuse(response, 413, RPC_CODES.invalid, 'The request is too large.');
    }
    if (body.success && body.data.type === 'entity.verify.failed') {
      const message = `The request is nested more than ${DEEPEST_JSON} levels deep.`;
      return refuse(response, 400, RPC_CODES.invalid, message);
    }
    if (body.success && body.data.status < 500) {
      return refuse(response, 400, RPC_CODES.parse, 'The request is not JSON.');
    }
    refuse(response, 500, RPC_CODES.internal, failureText(error, 'the request', log));
  };
}
