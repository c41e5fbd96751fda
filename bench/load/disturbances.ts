/** What goes on beside the calls that are measured. Each runs until the signal, and reports what it did. */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Callers } from './callers.ts';
import type { Figures } from './figures.ts';
import { Session } from './session.ts';

export interface Stage {
  readonly url: URL;
  readonly callers: Callers;
  readonly customers: readonly string[];
  readonly figures: Figures;
  readonly signal: AbortSignal;
}

const BATCH_ROWS = 500;
const BATCH_EVERY_MS = 1000;
const SLOW_SECONDS = 30;
const UNREAD_EVERY_MS = 5000;
const BYTES_PER_SECOND = 300;
/** A call that goes on as a job. */
const jobSchema = z.object({ job_id: z.string() });
const FIRST_ORDER = 900_000_000;

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined);

/**
 * Sends orders: a batch a second, each acknowledged before the next.
 *
 * @param day that the shop knows, so that nobody seems to have left meanwhile
 */
export async function sendRows(
  { url, callers, customers, figures, signal }: Stage,
  day: string,
): Promise<string> {
  const headers = {
    Authorization: `Bearer ${await callers.tokenOf('sender')}`,
    'Content-Type': 'application/x-ndjson',
  };
  let rows = 0;
  while (!signal.aborted) {
    const lines = Array.from({ length: BATCH_ROWS }, (_, i) => {
      const id = FIRST_ORDER + rows + i;
      const customer = customers[(rows + i) % customers.length];
      return JSON.stringify({
        order_id: id,
        customer_id: customer,
        order_date: day,
        total_amount: 20 + (i % 50),
      });
    });
    const address = new URL(`/ingest?channel=load&kind=orders&offset_token=${rows + BATCH_ROWS}`, url);
    const response = await fetch(address, { method: 'POST', headers, body: lines.join('\n') });
    const text = await response.text();
    if (response.status !== 200 || !text.includes('"rejected":0'))
      figures.note(`ingest: ${response.status} ${text}`);
    rows += BATCH_ROWS;
    await pause(BATCH_EVERY_MS, signal);
  }
  return `${rows} orders were sent and acknowledged`;
}

/** Trains one model after the other, as jobs. */
export async function train({ url, callers, figures, signal }: Stage, trainings: number): Promise<string> {
  const session = await opened(url, await callers.tokenOf('trainer'));
  let done = 0;
  while (!signal.aborted && done < trainings) {
    const tool = done % 2 === 0 ? 'train_churn_model' : 'train_recommendation_model';
    let answer = await session.call(tool, {});
    const job = jobSchema.safeParse(answer.content).data;
    while (job !== undefined && !signal.aborted) {
      answer = await session.call('get_job', { job_id: job.job_id, wait_s: 20 });
      if (answer.content.status !== 'running') break;
    }
    if (answer.problem !== undefined && !signal.aborted) figures.note(`${tool}: ${answer.problem}`);
    done++;
    await pause(5000, signal);
  }
  return `${done} models were trained`;
}

/** Opens sessions: every other one ends properly, the others are left. A server that is full says so, and when to come again. */
export async function dropSessions(
  { url, callers, figures, signal }: Stage,
  { wanted, everyMs }: { readonly wanted: number; readonly everyMs: number },
): Promise<string> {
  const counts = { ended: 0, dropped: 0, refused: 0 };
  for (let i = 0; i < wanted && !signal.aborted; i++) {
    const session = await Session.open(url, await callers.tokenOf(`visitor-${i % 50}`));
    if (typeof session === 'number') {
      counts.refused++;
      if (session !== 503 && session !== 429) figures.note(`a session was refused with ${session}`);
    } else if (i % 2 === 0) {
      await session.end();
      counts.ended++;
    } else counts.dropped++;
    await pause(everyMs, signal);
  }
  return `${counts.ended} sessions were opened and ended, ${counts.dropped} opened and left, ${counts.refused} refused because the server was full`;
}

/** Asks for long answers, and reads a few hundred bytes a second of them. */
export async function readSlowly({ url, callers, signal }: Stage): Promise<string> {
  let read = 0;
  const session = await opened(url, await callers.tokenOf('slow reader'));
  while (!signal.aborted) {
    const socket = askForMuch(url, session);
    for (let second = 0; second < SLOW_SECONDS && !signal.aborted; second++) {
      read += socket.read(Math.min(BYTES_PER_SECOND, socket.readableLength))?.length ?? 0;
      await pause(1000, signal);
    }
    socket.destroy();
  }
  return `a slow reader read ${read} bytes`;
}

/** Asks again and again on new connections, listens on a stream, and never reads anything. */
export async function neverRead({ url, callers, signal }: Stage): Promise<string> {
  const session = await opened(url, await callers.tokenOf('never reads'));
  const sockets = [send(url, 'GET', session)];
  while (!signal.aborted) {
    sockets.push(askForMuch(url, session));
    await pause(UNREAD_EVERY_MS, signal);
  }
  for (const socket of sockets) socket.destroy();
  return `${sockets.length} answers were never read`;
}

function askForMuch(url: URL, session: Session): Socket {
  const params = { name: 'get_at_risk_customers', arguments: { limit: 100 } };
  return send(url, 'POST', session, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
}

/** A request on a connection of its own, of which nothing is read until somebody does. */
function send(url: URL, method: string, { headers }: Session, body = ''): Socket {
  const lines = Object.entries({ ...headers, Host: url.host, 'Content-Length': body.length });
  const socket = connect(Number(url.port), url.hostname);
  // The server may close it; that is its right.
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(
    `${method} /mcp HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n${body}`,
  );
  return socket;
}

async function opened(url: URL, token: string): Promise<Session> {
  const session = await Session.open(url, token);
  if (typeof session === 'number') throw new Error(`no session: ${session}`);
  return session;
}
