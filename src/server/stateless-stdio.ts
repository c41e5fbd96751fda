import type { Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { LOCAL } from './job-board.ts';
import type { McpService } from './mcp-service.ts';
import { createStatelessServer } from './stateless-server.ts';

/** Serves requests that name their revision, over a connection of which others may be served by somebody else. */
export function connectStateless(service: McpService, transport: Transport): void {
  const { changes, log } = service;
  serveStdio(
    () => {
      const server = createStatelessServer(service, LOCAL);
      // The SDK keeps to itself what the client listens for, and sends it nothing else.
      const stop = changes.listenByUri((change) => {
        const sent =
          change.kind === 'list'
            ? server.sendResourceListChanged()
            : server.sendResourceUpdated({ uri: change.uri });
        // A client that has disconnected meanwhile is not notified.
        sent.catch(() => undefined);
      });
      server.onclose = stop;
      return server;
    },
    {
      transport,
      legacy: 'reject',
      onerror: (error) => log.error('protocol error', { cause: error.message }),
    },
  );
}
