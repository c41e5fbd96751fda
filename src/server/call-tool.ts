/** Makes a tool call as an MCP client does, with client and server connected in memory. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { CallToolResultSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { didYouMean } from '../did-you-mean.ts';
import { type ErrorCode as Code, ERROR_CODES } from '../error-codes.ts';
import { ChurnMcpError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { quoted } from '../text/quoted.ts';
import { createHandshakeServer } from './handshake-server.ts';
import { JobBoard, LOCAL } from './job-board.ts';
import { createMcpService } from './mcp-service.ts';
import type { ServiceOptions } from './service-handlers.ts';

export interface ToolCallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
}

export interface ToolCallOutcome {
  readonly isError: boolean;
  /** The code of the error, if the result is one. */
  readonly code?: Code;
  readonly text: string;
  readonly structuredContent?: Record<string, unknown>;
}

/** No timeout: a person at a terminal can press Ctrl-C. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Returns the result of the call. `signal` stops the work, but not the waiting: a client that stopped waiting would not
 * learn whether a version was registered just before.
 */
export async function callTool(
  options: ServiceOptions,
  name: string,
  args: Record<string, unknown>,
  { signal, onProgress }: ToolCallOptions = {},
): Promise<ToolCallOutcome> {
  await using jobs = new JobBoard({ afterMs: Number.POSITIVE_INFINITY });
  const stop = () => void jobs[Symbol.asyncDispose]();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  const server = createHandshakeServer(createMcpService({ ...options, jobs }), LOCAL);
  const client = new Client({ name: 'churn-mcp-cli', version: options.version });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  try {
    const result = await client.request(
      { method: 'tools/call', params: { name, arguments: args } },
      CallToolResultSchema,
      {
        timeout: NO_TIMEOUT_MS,
        ...(onProgress && {
          onprogress: ({ progress, total, message }) =>
            onProgress({
              phase: phaseOf(message),
              done: progress,
              total: total ?? progress,
              message: message ?? '',
            }),
        }),
      },
    );
    return toOutcome(result);
  } catch (error) {
    if (error instanceof McpError && error.code === ErrorCode.InvalidParams) {
      const tools = options.tools.map((tool) => tool.name).join(', ');
      throw new ChurnMcpError('USAGE', `There is no tool ${quoted(name)}.`, {
        hint: `${didYouMean(
          name,
          options.tools.map((tool) => tool.name),
        )}Tools: ${tools}.`,
      });
    }
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await client.close();
    await server.close();
  }
}

function toOutcome(result: ReturnType<typeof CallToolResultSchema.parse>): ToolCallOutcome {
  const text = result.content.map((item) => (item.type === 'text' ? item.text : '')).join('\n');
  const code = result._meta?.['churn-mcp/code'];
  return {
    isError: result.isError === true,
    text,
    ...(isErrorCode(code) && { code }),
    ...(result.structuredContent && { structuredContent: result.structuredContent }),
  };
}

function isErrorCode(code: unknown): code is Code {
  return typeof code === 'string' && code in ERROR_CODES;
}

/** The protocol has no field for the phase, so the words before the count are taken for it. */
function phaseOf(message: string | undefined): string {
  return (message ?? '').split(':')[0];
}
