/**
 * One connection whose client speaks either era. Each era's SDK is imported by the first message that needs it, so nobody
 * waits for the other's.
 */
import { LOCAL } from './job-board.ts';
import type { Message } from './line-message.ts';
import type { McpService } from './mcp-service.ts';
import { RPC_CODES } from './request-error.ts';
import { claimedRevision, isStatelessRevision } from './revision-claim.ts';
import type { StdioTransport } from './stdio-transport.ts';

type Era = 'handshake' | 'stateless';

export class StdioConnection {
  readonly #service: McpService;
  readonly #transport: StdioTransport;
  /** Settled by `initialize`, or by the first request that names a revision, other than the probe `server/discover`. */
  #era: Era | undefined;
  readonly #channels = new Map<Era, Promise<Channel>>();

  constructor(service: McpService, transport: StdioTransport) {
    this.#service = service;
    this.#transport = transport;
    transport.onmessage = (message) => this.#receive(message);
    transport.onerror = (error) => service.log.error('protocol error', { cause: error.message });
  }

  start(): void {
    this.#transport.start();
  }

  /** Ends what still runs. Messages that waited for their SDK or their handler are read first, and what needs no waiting is answered. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#channels.values());
    await new Promise((resolve) => setImmediate(resolve));
    await this.#service.handlersOfRequests();
    await new Promise((resolve) => setImmediate(resolve));
    this.#transport.close();
    for (const channel of opened) if (channel.status === 'fulfilled') channel.value.end();
  }

  #receive(message: Message): void {
    const claimed = claimedRevision(message);
    this.#era ??= eraSettledBy(message, claimed);
    if (this.#era === 'handshake' && claimed !== undefined) {
      this.#refuseMixture(message);
      return;
    }
    const era = this.#era ?? (claimed === undefined ? 'handshake' : 'stateless');
    const channel = this.#channels.get(era) ?? this.#open(era);
    this.#channels.set(era, channel);
    channel.then(
      ({ receive }) => receive(message),
      (error: unknown) => this.#service.log.error('the protocol cannot be served', { cause: String(error) }),
    );
  }

  async #open(era: Era): Promise<Channel> {
    const channel = new Channel((message) => this.#transport.send(message));
    if (era === 'handshake') {
      const { createHandshakeServer } = await import('./handshake-server.ts');
      const server = createHandshakeServer(this.#service, LOCAL);
      server.onerror = (error) => this.#service.log.error('protocol error', { cause: error.message });
      await server.connect(channel);
    } else {
      const { connectStateless } = await import('./stateless-stdio.ts');
      connectStateless(this.#service, channel);
    }
    return channel;
  }

  /** Requests that name a revision, after a handshake. A notification gets no answer. */
  #refuseMixture(message: Message): void {
    if (!('id' in message) || !('method' in message)) return;
    const error = {
      code: RPC_CODES.invalid,
      message:
        'This connection began with initialize, so its requests must not name a revision of their own. Leave that out, or start another connection.',
    };
    this.#transport.send({ jsonrpc: '2.0', id: message.id, error }).catch(() => undefined);
  }
}

function eraSettledBy(message: Message, claimed: unknown): Era | undefined {
  if (!('method' in message)) return undefined;
  if (claimed === undefined) return message.method === 'initialize' ? 'handshake' : undefined;
  // A client that names a revision which nobody knows may begin again with `initialize`.
  return message.method !== 'server/discover' && isStatelessRevision(claimed) ? 'stateless' : undefined;
}

/** The transport that the server of one era sees. */
class Channel {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: Message) => void) | undefined;
  readonly #send: (message: object) => Promise<void>;

  constructor(send: (message: object) => Promise<void>) {
    this.#send = send;
  }

  readonly receive = (message: Message): void => this.onmessage?.(message);

  async start(): Promise<void> {}

  send(message: object): Promise<void> {
    return this.#send(message);
  }

  async close(): Promise<void> {
    this.end();
  }

  end(): void {
    const { onclose } = this;
    this.onclose = undefined;
    onclose?.();
  }
}
