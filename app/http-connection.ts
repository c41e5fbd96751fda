/** Tool calls over Streamable HTTP to the server that the page came from. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { RawCall } from './raw-call.ts';

const OPEN_ANEW = 'Open the address that churn-mcp dashboard prints.';
const NOT_KNOWN = `The server does not know the token of this page. ${OPEN_ANEW}`;
const NO_ANSWER = `The server does not answer; it may have ended. Start it again. ${OPEN_ANEW}`;

/** Before the first message is read: code made from text is against the policy of the page. */
z.config({ jitless: true });

export async function callOverHttp(): Promise<RawCall> {
  const token = takeToken();
  let session = await inPlainWords(openSession(token));
  const call: RawCall = (name, args) =>
    session.request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema);
  return (name, args) =>
    inPlainWords(
      call(name, args).catch(async (error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
        // The server ended the session because nothing was asked for a while.
        session = await openSession(token);
        return call(name, args);
      }),
    );
}

async function openSession(token: string | undefined): Promise<Client> {
  const client = new Client({ name: 'churn-dashboard', version: '1.0.0' });
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', location.href), { requestInit: { headers } }),
  );
  return client;
}

/** What went wrong on the way, as a person can act on it. */
async function inPlainWords<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer;
  } catch (cause) {
    if (hasStatus(cause, 401)) throw new Error(NOT_KNOWN, { cause });
    // What fetch throws where nobody listens.
    if (cause instanceof TypeError) throw new Error(NO_ANSWER, { cause });
    if (cause instanceof StreamableHTTPError) {
      throw new Error(`The server refuses for now (HTTP ${cause.code}). Try again in a minute.`, { cause });
    }
    throw cause;
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof StreamableHTTPError && error.code === status;
}

const TOKEN_KEY = 'churn-mcp-token';
const fragmentSchema = z.string().min(1).max(4096);

/** From the address, out of which it goes at once, so that it stays in no history; kept while the tab is open. */
function takeToken(): string | undefined {
  const given = fragmentSchema.safeParse(new URLSearchParams(location.hash.slice(1)).get('token'));
  if (!given.success) return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
  history.replaceState(null, '', location.pathname);
  sessionStorage.setItem(TOKEN_KEY, given.data);
  return given.data;
}
