/** A short form of `npm run load`: many sessions ask at the same time, and clients that misbehave disturb none of them. */
import { describe, expect, it } from 'vitest';
import { startCallers } from '../../bench/load/callers.ts';
import { dropSessions, neverRead, readSlowly } from '../../bench/load/disturbances.ts';
import { Figures } from '../../bench/load/figures.ts';
import { ask, openClients } from '../../bench/load/run-load.ts';
import { startServer } from '../../bench/load/server-process.ts';
import { TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome } from './trained-home.ts';

const SESSIONS = 16;
const CALLS = 160;

describe('a server with many sessions', () => {
  it('answers all of them without an error while others leave their sessions and their answers', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = await makeTrainedHome(200, ['inactivity', 'forward', 'recommendations']);
    await using callers = await startCallers();
    await using server = await startServer(home, callers.env);
    const { url } = server;
    const clients = await openClients(url, callers, SESSIONS);
    const figures = new Figures();
    const ended = new AbortController();
    const stage = { url, callers, customers: clients.customers, figures, signal: ended.signal };
    const beside = Promise.all([
      dropSessions(stage, { wanted: 100, everyMs: 1 }),
      readSlowly(stage),
      neverRead(stage),
    ]);
    await ask(clients, { pauseMs: 10, calls: CALLS }, figures);
    ended.abort();
    const [dropped] = await beside;
    expect([...figures.problems]).toEqual([]);
    expect(figures.calls).toBe(CALLS);
    expect(dropped).toMatch(/^\d+ sessions were opened and ended, \d+ opened and left, \d+ refused/);
  });
});
