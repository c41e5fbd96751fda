/** The SDK's server, with what it lacks: whatever goes wrong is told in words, with nothing internal in them. */
import { Server, type ServerOptions } from '@modelcontextprotocol/sdk/server/index.js';
import type { AnyObjectSchema, SchemaOutput } from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ErrorCode,
  type Implementation,
  McpError,
  type Notification,
  type Request,
  type Result,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import { failureText } from './failure.ts';
import { RequestGate } from './request-gate.ts';
import type { ServerLog } from './server-log.ts';

type Handler<Schema extends AnyObjectSchema> = (
  request: SchemaOutput<Schema>,
  extra: RequestHandlerExtra<ServerRequest | Request, ServerNotification | Notification>,
) => ServerResult | Result | Promise<ServerResult | Result>;

export class GuardedServer extends Server {
  readonly #log: ServerLog;

  constructor(info: Implementation, options: ServerOptions, log: ServerLog) {
    super(info, options);
    this.#log = log;
  }

  /** Errors that no handler foresaw would reach the client with their message: paths and all. */
  override setRequestHandler<Schema extends AnyObjectSchema>(schema: Schema, handler: Handler<Schema>): void {
    super.setRequestHandler(schema, async (request, extra) => {
      try {
        return await handler(request, extra);
      } catch (error) {
        if (error instanceof McpError) throw error;
        const text = failureText(error, String(request.method), this.#log);
        throw new McpError(ErrorCode.InternalError, text);
      }
    });
  }

  override connect(transport: Transport): Promise<void> {
    return super.connect(new RequestGate(transport));
  }
}
