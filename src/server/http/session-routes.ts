/** The protocol at /mcp: a session begins with initialize, and belongs to its principal. */
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Express, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { RPC_CODES } from '../request-error.ts';
import { refuse } from './refusal.ts';
import type { Session, Sessions } from './sessions.ts';

/** The longest time that a timer can wait. */
const MOST_TIMER_MS = 2 ** 31 - 1;

export function serveSessions(app: Express, sessions: Sessions): void {
  app.post('/mcp', (request, response) => post(request, response, sessions));
  app.get('/mcp', (request, response) => withSession(request, response, sessions));
  app.delete('/mcp', (request, response) => withSession(request, response, sessions));
  app.all('/mcp', (_request, response) => {
    response.set('Allow', 'GET, POST, DELETE');
    refuse(response, 405, RPC_CODES.refused, 'The methods here are GET, POST and DELETE.');
  });
}

async function post(request: Request, response: Response, sessions: Sessions): Promise<void> {
  if (request.headers['mcp-session-id'] !== undefined) return withSession(request, response, sessions);
  if (!isInitializeRequest(request.body)) return refuseWithoutSession(response);
  const principal = principalOf(request);
  const room = sessions.roomFor(principal);
  if (room !== 'free') return refuseSession(response, room);
  const session = await sessions.open(principal);
  await handle(session, request, response);
  // The transport refused the request, so the session has not begun.
  if (response.statusCode >= 400) await session.server.close();
}

function refuseSession(response: Response, room: 'share taken' | 'full'): void {
  response.set('Retry-After', '60');
  const [status, message] =
    room === 'full'
      ? [503, 'All sessions of the server are in use. Try again later.']
      : [429, 'You have the maximum number of open sessions. End one and try again.'];
  refuse(response, status, RPC_CODES.refused, message);
}

function refuseWithoutSession(response: Response): void {
  refuse(
    response,
    400,
    RPC_CODES.refused,
    'The request has no Mcp-Session-Id header. Begin a session with initialize.',
  );
}

async function withSession(request: Request, response: Response, sessions: Sessions): Promise<void> {
  const id = request.headers['mcp-session-id'];
  const session = typeof id === 'string' ? sessions.find(id, principalOf(request)) : undefined;
  if (session) return handle(session, request, response);
  if (id === undefined) return refuseWithoutSession(response);
  refuse(response, 404, RPC_CODES.noSession, 'There is no such session. Begin a new one with initialize.');
}

async function handle(session: Session, request: Request, response: Response): Promise<void> {
  session.lastUsed = performance.now();
  // A client may keep the stream of a GET open without using the session, so it does not count as use.
  const open = request.method === 'GET' ? 'streams' : 'inFlight';
  session[open]++;
  response.once('close', () => {
    session[open]--;
    session.lastUsed = performance.now();
  });
  await session.transport.handleRequest(request, response, request.body);
}

/** Closes a stream when its token expires; otherwise it could stay open for hours more. */
export const endWithToken: RequestHandler = ({ auth, method, body }, response, next) => {
  next();
  if (auth?.expiresAt === undefined || !(method === 'GET' || isListening(body))) return;
  const left = auth.expiresAt * 1000 - Date.now();
  const timer = setTimeout(() => response.destroy(), Math.min(Math.max(left, 0), MOST_TIMER_MS));
  response.once('close', () => clearTimeout(timer));
};

const listeningSchema = z.looseObject({ method: z.literal('subscriptions/listen') });

/** Whether the answer is a stream that lasts. */
function isListening(body: unknown): boolean {
  return listeningSchema.safeParse(body).success;
}

export function principalOf({ auth }: { readonly auth?: { readonly clientId: string } | undefined }): string {
  return auth?.clientId ?? 'anybody';
}
