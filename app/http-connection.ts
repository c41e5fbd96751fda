/** Tool calls over Streamable HTTP to the server that the page came from. */
import { Client, SdkHttpError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { RawCall } from './raw-call.ts';

const OPEN_ANEW = 'Open the address that churn-mcp dashboard prints.';
const NOT_KNOWN = `The server does not know the token of this page. ${OPEN_ANEW}`;
const NO_ANSWER = `The server does not answer; it may have ended. Start it again. ${OPEN_ANEW}`;

/** Set before the first message is read, because the policy of the page forbids code made from text. */
z.config({ jitless: true });

export async function callOverHttp(): Promise<RawCall> {
  const token = takeToken();
  let session = await inPlainWords(openSession(token));
  const call: RawCall = (name, args) =>
    session.request({ method: 'tools/call', params: { name, arguments: args } });
  return (name, args) =>
    inPlainWords(
      call(name, args).catch(async (error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
        // The server ended the session because it was idle.
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

/** An error of the connection in words that a person can act on. */
async function inPlainWords<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer;
  } catch (cause) {
    if (hasStatus(cause, 401)) throw new Error(NOT_KNOWN, { cause });
    // fetch throws this if no server listens.
    if (cause instanceof TypeError) throw new Error(NO_ANSWER, { cause });
    if (cause instanceof SdkHttpError) {
      throw new Error(`The server refuses for now (HTTP ${cause.status}). Try again in a minute.`, { cause });
    }
    throw cause;
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof SdkHttpError && error.status === status;
}

const TOKEN_KEY = 'churn-mcp-token';
const fragmentSchema = z.string().min(1).max(4096);

/** Reads the token from the address and removes it there, so that no history keeps it; kept while the tab is open. */
function takeToken(): string | undefined {
  const given = fragmentSchema.safeParse(new URLSearchParams(location.hash.slice(1)).get('token'));
  if (!given.success) return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
  history.replaceState(null, '', location.pathname);
  sessionStorage.setItem(TOKEN_KEY, given.data);
  return given.data;
}
