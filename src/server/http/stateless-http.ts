/** Requests that name their revision: each is answered by itself, so any process of a home can answer any of them. */
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpHttpHandler, type ServerEventBus } from '@modelcontextprotocol/server';
import type { Request, RequestHandler } from 'express';
import type { McpService } from '../mcp-service.ts';
import type { ResourceChanges } from '../resource-changes.ts';
import { claimedRevision, isStatelessRevision } from '../revision-claim.ts';
import { createStatelessServer } from '../stateless-server.ts';
import { principalOf } from './session-routes.ts';

/** Streams of one server on which clients listen for changes. */
const MOST_STREAMS = 1000;

export class StatelessHttp implements AsyncDisposable {
  readonly #handler: McpHttpHandler;
  /** Answers a request that is ours, and leaves others to the next handler. */
  readonly handler: RequestHandler;

  constructor(service: McpService) {
    const report = (error: Error) => service.log.info('request refused', { cause: error.message });
    this.#handler = createMcpHandler(
      ({ authInfo }) => {
        const principal = principalOf({ auth: authInfo });
        return createStatelessServer(service, { principal, session: undefined }, authInfo?.scopes);
      },
      { legacy: 'reject', bus: busOf(service.changes), maxSubscriptions: MOST_STREAMS, onerror: report },
    );
    const answer = toNodeHandler(this.#handler, { onerror: report });
    this.handler = async (request, response, next) => {
      if (isStateless(request)) await answer(request, response, request.body);
      else next();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handler.close();
  }
}

/**
 * Whether the body or the header names a revision without a handshake. The SDK then compares the two, and refuses a request
 * whose parts contradict each other.
 */
function isStateless({ body, headers }: Request): boolean {
  return claimedRevision(body) !== undefined || isStatelessRevision(headers['mcp-protocol-version']);
}

/** The changes that any process makes in the home. Nothing else is published. */
function busOf(changes: ResourceChanges): ServerEventBus {
  return {
    publish: () => undefined,
    subscribe: (listener) =>
      changes.listenByUri((change) =>
        listener(
          change.kind === 'list'
            ? { kind: 'resources_list_changed' }
            : { kind: 'resource_updated', uri: change.uri },
        ),
      ),
  };
}
