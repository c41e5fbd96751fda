/**
 * The server for clients that begin with `initialize` (revisions up to 2025-11-25): one object per connection, over SDK 1.x,
 * which gives the requests to the handlers as they came.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  type AnyObjectSchema,
  getLiteralValue,
  getObjectShape,
  type SchemaOutput,
  safeParse,
} from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ElicitResultSchema,
  type Notification,
  type Request,
  type Result,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { type Asked, canAsk, type Form } from './ask-person.ts';
import type { Caller } from './job-board.ts';
import type { McpService } from './mcp-service.ts';
import { RequestError, RPC_CODES } from './request-error.ts';
import { checkedParams } from './request-guard.ts';
import { guardedHandler, type RequestContext, type RequestHandlers } from './request-handlers.ts';
import { initializeSchema, noParamsSchema, resourceSchema } from './request-schemas.ts';

type Extra = RequestHandlerExtra<ServerRequest | Request, ServerNotification | Notification>;
type Answered = ServerResult | Result | Promise<ServerResult | Result>;

/** A person may take a while; then nothing is done. */
const PATIENCE_MS = 600_000;
/** Most subscriptions per client: a normal client has a few, so more is an error or an attack. */
const MOST_SUBSCRIPTIONS = 1000;

export function createHandshakeServer(service: McpService, caller: Caller): Server {
  const { info, capabilities, instructions, handlers } = service;
  const server = new PlainSpokenServer(info, { capabilities, instructions });
  const subscriptions = subscriptionHandlers(server, service);
  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    const handler = handlers.get(method) ?? subscriptions.get(method);
    if (handler === undefined) throw new RequestError(RPC_CODES.method, 'Method not found');
    return handler(params, contextOf(server, caller, extra));
  };
  return server;
}

/** The SDK's server. What it answers itself (`initialize`, `ping`) is refused in plain words if it is wrong. */
class PlainSpokenServer extends Server {
  /** Called by the SDK's constructor alone: all other requests reach the fallback handler. */
  override setRequestHandler<Schema extends AnyObjectSchema>(
    schema: Schema,
    handler: (request: SchemaOutput<Schema>, extra: Extra) => Answered,
  ): void {
    const method = String(getLiteralValue(getObjectShape(schema)?.method ?? schema));
    super.setRequestHandler(z.looseObject({ method: z.literal(method) }), (request, extra) => {
      const check: z.ZodType = method === 'initialize' ? initializeSchema : noParamsSchema;
      checkedParams(method, check, request.params);
      const parsed = safeParse(schema, request);
      if (parsed.success) return handler(parsed.data, extra);
      throw new RequestError(RPC_CODES.params, `Invalid ${method} request: it does not follow the protocol.`);
    });
  }

  /** The server offers no tasks. It handles a request that asks for one like any other. */
  protected override assertTaskHandlerCapability(): void {}
}

function contextOf(server: Server, caller: Caller, extra: Extra): RequestContext {
  return {
    requestId: extra.requestId,
    caller,
    scopes: extra.authInfo?.scopes,
    signal: extra.signal,
    notify: (notification) => extra.sendNotification(notification),
    ask: (form, signal) => ask(server, extra, form, signal),
  };
}

/** A question that fails is not answered: the person cancels the call, the client goes away, or nobody answers in time. */
async function ask(server: Server, extra: Extra, form: Form, signal: AbortSignal): Promise<Asked> {
  if (!canAsk(server.getClientCapabilities())) return { kind: 'not asked' };
  const { name: _name, ...params } = form;
  const request: Request = { method: 'elicitation/create', params };
  const options = { timeout: PATIENCE_MS, signal };
  return extra.sendRequest(request, ElicitResultSchema, options).then(
    (response) => ({ kind: 'answered', response }),
    () => ({ kind: 'unanswered' }),
  );
}

/** Notifies the client of changes, once it has begun: of the list always, of a resource if it subscribed to it. */
function subscriptionHandlers(server: Server, { changes, log }: McpService): RequestHandlers {
  const subscribed = new Set<string>();
  let stop: (() => void) | undefined;
  server.oninitialized = () => {
    stop ??= changes.listen((change) => {
      // A client that has disconnected meanwhile is not notified.
      if (change.kind === 'list') server.sendResourceListChanged().catch(() => undefined);
      else {
        for (const uri of [...subscribed].filter(change.concerns)) {
          server.sendResourceUpdated({ uri }).catch(() => undefined);
        }
      }
    });
  };
  server.onclose = () => stop?.();
  const subscribe = async ({ uri }: { uri: string }) => {
    await changes.hasLooked();
    if (subscribed.size < MOST_SUBSCRIPTIONS) subscribed.add(uri);
    return {};
  };
  const unsubscribe = ({ uri }: { uri: string }) => {
    subscribed.delete(uri);
    return {};
  };
  return new Map([
    ['resources/subscribe', guardedHandler('resources/subscribe', resourceSchema, subscribe, log)],
    ['resources/unsubscribe', guardedHandler('resources/unsubscribe', resourceSchema, unsubscribe, log)],
  ]);
}
