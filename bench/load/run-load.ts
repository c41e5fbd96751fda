/** The clients of a load: sessions that ask in turn, each again some time after its answer. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Callers } from './callers.ts';
import { Figures } from './figures.ts';
import { questionOf, someCustomers } from './questions.ts';
import { Session } from './session.ts';

export interface LoadClients {
  readonly sessions: readonly Session[];
  readonly customers: readonly string[];
}

export interface Round {
  /** How long a session pauses between two calls. */
  readonly pauseMs: number;
  /** The round ends after so many calls, or after so many seconds. */
  readonly calls?: number;
  readonly seconds?: number;
}

export async function openClients(url: URL, callers: Callers, count: number): Promise<LoadClients> {
  const sessions: Session[] = [];
  for (let i = 0; i < count; i++) {
    const session = await Session.open(url, await callers.tokenOf(`session-${i}`));
    if (typeof session === 'number') throw new Error(`session ${i} was refused with ${session}`);
    sessions.push(session);
  }
  return { sessions, customers: await someCustomers(sessions[0]) };
}

/** Has all sessions ask at the same time. */
export async function ask(
  { sessions, customers }: LoadClients,
  { pauseMs, calls = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY }: Round,
  figures = new Figures(),
): Promise<Figures> {
  const end = performance.now() + 1000 * seconds;
  let begun = 0;
  const client = async (session: Session, s: number) => {
    // They begin one after the other, as clients do.
    await delay((pauseMs * s) / sessions.length);
    for (let k = 0; begun++ < calls && performance.now() < end; k++) {
      const { tool, args } = questionOf(s, k, customers);
      const { ms, problem } = await session.call(tool, args);
      figures.add(tool, ms, problem);
      await delay(pauseMs);
    }
  };
  await Promise.all(sessions.map(client));
  return figures;
}
