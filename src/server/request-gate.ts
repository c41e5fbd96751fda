/**
 * Stands between a transport and the SDK's server. A request whose parameters are not as the protocol has them is refused
 * in a sentence: the SDK would answer with an internal error that holds the whole report of its validator.
 */
import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ClientRequestSchema,
  ErrorCode,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type MessageExtraInfo,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import type { z } from 'zod';
import { plainText } from '../text/plain-text.ts';

const SCHEMAS = new Map(
  ClientRequestSchema.options.map((schema) => [String(schema.shape.method.value), schema] as const),
);

export class RequestGate implements Transport {
  onclose?: Transport['onclose'];
  onerror?: Transport['onerror'];
  onmessage?: Transport['onmessage'];
  readonly #inner: Transport;

  constructor(inner: Transport) {
    this.#inner = inner;
    const { onclose, onerror } = inner;
    inner.onclose = () => {
      onclose?.();
      this.onclose?.();
    };
    inner.onerror = (error) => {
      onerror?.(error);
      this.onerror?.(error);
    };
    inner.onmessage = (message, extra) => this.#receive(message, extra);
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    return this.#inner.send(withoutPrefix(message), options);
  }

  #receive(message: JSONRPCMessage, extra: MessageExtraInfo | undefined): void {
    const problem = isJSONRPCRequest(message) ? problemOf(message) : undefined;
    if (isJSONRPCRequest(message) && problem !== undefined) this.#refuse(message.id, problem);
    else this.onmessage?.(isJSONRPCRequest(message) ? withoutTask(message) : message, extra);
  }

  #refuse(id: RequestId, problem: string): void {
    const error = { code: ErrorCode.InvalidParams, message: problem };
    this.#inner
      .send({ jsonrpc: '2.0', id, error })
      .catch((cause: unknown) => this.onerror?.(new Error('a refusal was not sent', { cause })));
  }
}

/** What is wrong with a request, in a sentence; methods that are not known are for the server to refuse. */
function problemOf(request: JSONRPCRequest): string | undefined {
  const parsed = SCHEMAS.get(request.method)?.safeParse(request);
  if (parsed === undefined || parsed.success) return undefined;
  return describeIssue(request.method, parsed.error.issues[0]);
}

function describeIssue(method: string, issue: z.core.$ZodIssue): string {
  const place = plainText(issue.path.map(String).join('.'), 60);
  const problem =
    issue.code === 'invalid_union'
      ? 'not as the protocol has it'
      : issue.message.replace(/^Invalid input: /, '');
  return `Invalid ${method} request: ${place}: ${problem}.`;
}

/** Tasks are not offered; a server that offers none carries such a request out as any other. */
function withoutTask(request: JSONRPCRequest): JSONRPCRequest {
  if (request.params?.task === undefined) return request;
  const { task: _, ...params } = request.params;
  return { ...request, params };
}

/** The SDK writes the code before the message of an error, and a client's SDK does so again. */
function withoutPrefix(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message)) return message;
  const text = message.error.message.replace(/^MCP error -\d+: /, '');
  return { ...message, error: { ...message.error, message: text } };
}
