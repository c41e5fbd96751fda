/** The stdio server: one client, which owns the process. */
import type { Readable, Writable } from 'node:stream';
import type { JobBoard } from './job-board.ts';
import { createMcpService, type McpServiceOptions } from './mcp-service.ts';
import { StdioConnection } from './stdio-connection.ts';
import { StdioTransport } from './stdio-transport.ts';

export interface StdioOptions extends McpServiceOptions {
  readonly jobs: JobBoard;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Ends the server, as the end of input does. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Serves until the end of input (or `signal`), then ends the running calls and jobs: trainings stop within a tree and
 * register nothing.
 */
export async function startStdioServer({ stdin, stdout, signal, ...options }: StdioOptions): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    stdin.once('end', resolve);
    stdin.once('close', resolve);
    stdout.once('error', () => resolve());
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const connection = new StdioConnection(createMcpService(options), new StdioTransport(stdin, stdout));
  connection.start();
  options.log.info('serving on stdio');
  await ended;
  // Not awaited: the command that started the server decides how long to wait.
  options.jobs[Symbol.asyncDispose]().catch(() => undefined);
  await connection.close();
}
