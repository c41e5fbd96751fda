import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Tool } from '../../src/mcp/tool.ts';
import { createHandshakeServer } from '../../src/server/handshake-server.ts';
import { type JobBoard, LOCAL } from '../../src/server/job-board.ts';
import { createMcpService } from '../../src/server/mcp-service.ts';
import type { ServerLog } from '../../src/server/server-log.ts';
import type { ServiceOptions } from '../../src/server/service-handlers.ts';
import type { Services } from '../../src/server/services.ts';
import { TOOLS } from '../../tools/index.ts';

export const silentLog: ServerLog = { info: () => undefined, error: () => undefined };

interface ConnectOptions {
  readonly log?: ServerLog;
  /** Without one no call becomes a job. */
  readonly jobs?: JobBoard;
  readonly tools?: readonly Tool[];
}

/** The server of a connection that begins with `initialize`. */
export function handshakeServer(options: ServiceOptions) {
  return createHandshakeServer(createMcpService(options), LOCAL);
}

/** A real client joined in memory to a server over the services given. */
export async function connectClient(services: Services, options: ConnectOptions = {}): Promise<Client> {
  const server = handshakeServer({ services, tools: TOOLS, log: silentLog, version: '0.0.0', ...options });
  const client = new Client({ name: 'test', version: '0.0.0' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  return client;
}

/** The text of a call's result, and whether it is an error. */
export async function callText(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<{ isError: boolean; text: string; structuredContent: unknown }> {
  const result = await client.callTool({ name, arguments: args });
  const content = Array.isArray(result.content) ? result.content : [];
  return {
    isError: result.isError === true,
    text: content.map((item) => item.text).join('\n'),
    structuredContent: result.structuredContent,
  };
}
