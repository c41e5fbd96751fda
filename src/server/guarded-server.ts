/**
 * The SDK's server with two differences. It checks a request once and refuses a wrong shape in plain words: the SDK checks
 * some requests twice and answers with its validator's report. It answers an unexpected error with a reference to the
 * log: the SDK sends the message of the error, even if that contains paths.
 */
import { Server, type ServerOptions } from '@modelcontextprotocol/sdk/server/index.js';
import {
  type AnyObjectSchema,
  getLiteralValue,
  getObjectShape,
  isZ4Schema,
  type SchemaOutput,
  safeParse,
} from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ErrorCode,
  type Implementation,
  type Notification,
  type Request,
  type Result,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { plainText } from '../text/plain-text.ts';
import { wrongValue } from '../text/wrong-value.ts';
import { failureText } from './failure.ts';
import { RequestError } from './request-error.ts';
import type { ServerLog } from './server-log.ts';

export type Extra = RequestHandlerExtra<ServerRequest | Request, ServerNotification | Notification>;
type Answer = ServerResult | Result | Promise<ServerResult | Result>;
type Handler<Schema extends AnyObjectSchema> = (request: SchemaOutput<Schema>, extra: Extra) => Answer;

const CALL = 'tools/call';
/** Characters of a value's path that an error shows. */
const MOST_OF_PATH = 60;

export class GuardedServer extends Server {
  readonly #log: ServerLog;

  constructor(info: Implementation, options: ServerOptions, log: ServerLog) {
    super(info, options);
    this.#log = log;
  }

  /** The SDK's constructor registers its own handlers here too, before this object has its fields. */
  override setRequestHandler<Schema extends AnyObjectSchema>(schema: Schema, handler: Handler<Schema>): void {
    const method = methodOf(schema);
    const guarded = (request: unknown, extra: Extra) =>
      guard(
        method,
        () => this.#log,
        () => handler(checked(schema, method, request), extra),
      );
    // The SDK checks calls again and copies their results. A fallback handler gets them unchanged.
    if (method === CALL) this.#setCallHandler(guarded);
    else super.setRequestHandler(z.looseObject({ method: z.literal(method) }), guarded);
  }

  #setCallHandler(call: (request: unknown, extra: Extra) => Promise<ServerResult | Result>): void {
    this.fallbackRequestHandler = (request, extra) => {
      if (request.method !== CALL) throw new RequestError(ErrorCode.MethodNotFound, 'Method not found');
      return call(request, extra);
    };
  }

  /** The server offers no tasks. It handles a request that asks for one like any other. */
  protected override assertTaskHandlerCapability(): void {}
}

function methodOf(schema: AnyObjectSchema): string {
  const method = getObjectShape(schema)?.method;
  return String(method && getLiteralValue(method));
}

async function guard<Outcome>(
  method: string,
  log: () => ServerLog,
  run: () => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError(ErrorCode.InternalError, failureText(error, method, log()));
  }
}

function checked<Schema extends AnyObjectSchema>(
  schema: Schema,
  method: string,
  request: unknown,
): SchemaOutput<Schema> {
  const parsed = safeParse(schema, request);
  if (parsed.success) return parsed.data;
  throw new RequestError(
    ErrorCode.InvalidParams,
    `Invalid ${method} request: ${problemOf(schema, request)}.`,
  );
}

/** What is wrong first, after the name of the value: "params.name is 5: give a text". */
function problemOf(schema: AnyObjectSchema, request: unknown): string {
  const issue = isZ4Schema(schema)
    ? z.core.safeParse(schema, request, { error: wrongValue }).error?.issues.at(0)
    : undefined;
  if (issue === undefined) return 'it does not follow the protocol';
  const place = issue.path.map(String).join('.');
  return `${place === '' ? 'it' : plainText(place, MOST_OF_PATH)} ${issue.message}`;
}
