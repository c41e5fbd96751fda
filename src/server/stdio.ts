/** The stdio server: one client, which owns the process. */
import type { Readable, Writable } from 'node:stream';
import { createServer, type ServerOptions } from './create-server.ts';
import type { JobBoard } from './job-board.ts';
import { StdioTransport } from './stdio-transport.ts';

export interface StdioOptions extends ServerOptions {
  readonly jobs: JobBoard;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Ends the server, as the end of input does. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Serves until the end of input (or `signal`), then ends the running calls and jobs: trainings stop within a tree and
 * register nothing. The SDK does not listen for the end of input itself.
 */
export async function startStdioServer({ stdin, stdout, signal, ...options }: StdioOptions): Promise<void> {
  const server = createServer(options);
  const ended = new Promise<void>((resolve) => {
    stdin.once('end', resolve);
    stdin.once('close', resolve);
    stdout.once('error', () => resolve());
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  server.onerror = (error) => options.log.error('protocol error', { cause: error.message });
  await server.connect(new StdioTransport(stdin, stdout));
  options.log.info('serving on stdio');
  await ended;
  // Not awaited: the command that started the server decides how long to wait.
  options.jobs[Symbol.asyncDispose]().catch(() => undefined);
  await server.close();
}
