/** A request and its answer, whichever revision of the protocol brought it: no SDK, so both eras share the handlers. */
import type { z } from 'zod';
import type { Asked, Form } from './ask-person.ts';
import type { Caller } from './job-board.ts';
import { checkedParams, withoutInternals } from './request-guard.ts';
import type { ServerLog } from './server-log.ts';

/** What is known of a request besides its parameters. */
export interface RequestContext {
  /** As the client numbers it, for the log. */
  readonly requestId?: string | number | undefined;
  readonly caller: Caller;
  /** The scopes granted to the caller; undefined if callers are not told apart. */
  readonly scopes: readonly string[] | undefined;
  /** Aborted once the client no longer waits. */
  readonly signal: AbortSignal;
  /** Tells the client something before the answer. */
  readonly notify: (notification: Notification) => Promise<void>;
  /** Asks the person at the client. Never rejects. */
  readonly ask: (form: Form, signal: AbortSignal) => Promise<Asked>;
}

export interface Notification {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

export type Result = Record<string, unknown>;

export type RequestHandler = (params: unknown, context: RequestContext) => Promise<Result>;

/** What clients may ask for, in every revision. */
export const METHODS = [
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
] as const;
export type Method = (typeof METHODS)[number];

/** The handlers of all methods, by the method. */
export type RequestHandlers = ReadonlyMap<string, RequestHandler>;

/**
 * The one place of guards: checks the parameters once, and lets no message of an unexpected error out. The SDKs answer wrong
 * parameters with their validator's report, and send the message of any error, even if that contains paths.
 */
export function guardedHandler<Params>(
  method: string,
  schema: z.ZodType<Params>,
  handler: (params: Params, context: RequestContext) => Result | Promise<Result>,
  log: ServerLog,
): RequestHandler {
  return (params, context) =>
    withoutInternals(method, log, async () => handler(checkedParams(method, schema, params), context));
}
