/** A server process spoken to in bytes, as no client's library would. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { z } from 'zod';
import { startCli } from './cli-process.ts';

const messageSchema = z.looseObject({ jsonrpc: z.literal('2.0'), id: z.unknown().optional() });
export type RawMessage = z.output<typeof messageSchema>;

export type RawServer = ReturnType<typeof speakTo>;

export function startRawServer(env: Record<string, string>) {
  return speakTo(startCli([], env));
}

/** The server that runs in a process. */
export function speakTo(child: ChildProcessWithoutNullStreams) {
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const answers = new Map<unknown, RawMessage>();
  const unasked: RawMessage[] = [];
  const waiting: (() => void)[] = [];
  let rest = '';
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = messageSchema.parse(JSON.parse(line));
      if (message.id === undefined) unasked.push(message);
      else answers.set(message.id, message);
    }
    for (const wake of waiting.splice(0)) wake();
  });
  child.once('close', () => {
    for (const wake of waiting.splice(0)) wake();
  });
  // It is `closed` that tells whether it lives.
  child.stdin.on('error', () => undefined);

  /** What `look` finds, now or with a message to come. */
  async function until<Found>(
    look: () => Found | undefined,
    what: string,
    timeoutMs: number,
  ): Promise<Found> {
    const late = performance.now() + timeoutMs;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (child.exitCode !== null) throw new Error(`the server ended before there was ${what}`);
      if (performance.now() > late) throw new Error(`there was no ${what} in ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  const answerTo = (id: unknown, timeoutMs: number): Promise<RawMessage> =>
    until(() => answers.get(id), `answer to ${String(id)}`, timeoutMs);

  async function ask(method: string, params: object, timeoutMs = 20_000): Promise<RawMessage> {
    const id = `asked ${asked++}`;
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answerTo(id, timeoutMs);
  }

  return {
    /** One line; a newline is added. */
    write: (bytes: Buffer) => void child.stdin.write(Buffer.concat([bytes, Buffer.from('\n')])),
    answerTo,
    ask,
    /** A notification of this method. */
    heard: (method: string, timeoutMs: number): Promise<RawMessage> =>
      until(() => unasked.find((message) => message.method === method), method, timeoutMs),
    async initialize() {
      const clientInfo = { name: 'raw', version: '0' };
      await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    },
    /** What came without an id: notifications, and refusals of what had none. */
    unasked: () => unasked,
    async end(): Promise<number | null> {
      child.stdin.end();
      return closed;
    },
  };
}
