/** Real clients of SDK 2.x, pinned to one era of the protocol, over either transport. */

import { join } from 'node:path';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { packageRoot } from '../../src/package-root.ts';

export const HANDSHAKE = '2025-11-25';
export const STATELESS = '2026-07-28';
export const ERAS = [HANDSHAKE, STATELESS] as const;
export type Era = (typeof ERAS)[number];

/** The keys of a request that names its revision. */
export const CLAIM = {
  'io.modelcontextprotocol/protocolVersion': STATELESS,
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

export function eraClient(era: Era, options: ClientOptions = {}): Client {
  const mode = era === STATELESS ? { pin: STATELESS } : 'legacy';
  return new Client({ name: 'test', version: '0.0.0' }, { ...options, versionNegotiation: { mode } });
}

export async function connectEraStdio(era: Era, env: Record<string, string>): Promise<Client> {
  const client = eraClient(era);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(packageRoot(), 'dist', 'cli.js')],
    env: { ...env, CHURN_MCP_LOG_LEVEL: 'error' },
  });
  await client.connect(transport);
  return client;
}

export async function connectEraHttp(
  era: Era,
  url: URL,
  { token, ...options }: ClientOptions & { readonly token?: string } = {},
): Promise<Client> {
  const client = eraClient(era, options);
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }));
  return client;
}
