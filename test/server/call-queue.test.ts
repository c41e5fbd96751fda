import { describe, expect, it } from 'vitest';
import { CallQueue } from '../../src/server/call-queue.ts';

const NEVER = new AbortController().signal;

/** Calls of named principals that end when the test says so. */
function callsOf(queue: CallQueue) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const call = (name: string, signal: AbortSignal = NEVER) =>
    queue.run(name.slice(0, 3), signal, () => {
      started.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { started, call, end };
}

const limits = { running: 3, runningPerPrincipal: 2, waitingPerPrincipal: 4 };

describe('the queue of calls', () => {
  it('runs a few calls per principal at once, and serves principals in turn', async () => {
    const { started, call, end } = callsOf(new CallQueue(limits));
    for (const name of ['ann1', 'ann2', 'ann3', 'ann4', 'bob1', 'bob2', 'cyd1']) void call(name);
    await end('nothing');
    expect(started).toEqual(['ann1', 'ann2', 'bob1']);
    await end('ann1');
    expect(started.slice(3)).toEqual(['cyd1']);
    await end('cyd1');
    await end('bob1');
    await end('ann2');
    expect(started.slice(4).sort()).toEqual(['ann3', 'ann4', 'bob2']);
  });

  it('refuses calls beyond the waiting limit of a principal, and accepts those of others', async () => {
    const { call, started } = callsOf(new CallQueue(limits));
    for (let i = 0; i < 6; i++) void call(`ann${i}`);
    await expect(call('ann6')).rejects.toMatchObject({ code: 'TOO_MANY_CALLS' });
    void call('bob1');
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual(['ann0', 'ann1', 'bob1']);
  });

  it('forgets a call that is cancelled while it waits', async () => {
    const { call, started, end } = callsOf(new CallQueue({ ...limits, running: 1 }));
    void call('ann1');
    const controller = new AbortController();
    const waiting = call('ann2', controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    void call('bob1');
    await end('ann1');
    expect(started).toEqual(['ann1', 'bob1']);
  });

  it('frees the place of a call that fails', async () => {
    const queue = new CallQueue({ ...limits, running: 1 });
    await expect(queue.run('ann', NEVER, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await queue.run('ann', NEVER, async () => 'free')).toBe('free');
  });

  it('lets other calls run while a call waits for a person, and goes on once there is a place again', async () => {
    const queue = new CallQueue({ ...limits, running: 1 });
    const { call, started, end } = callsOf(queue);
    let answer = (_: string) => {};
    const asking = queue.run('ann', NEVER, (withoutPlace) =>
      withoutPlace(() => new Promise<string>((resolve) => (answer = resolve))),
    );
    await end('nothing');
    for (const name of ['bob1', 'ann1']) void call(name);
    await end('nothing');
    expect(started).toEqual(['bob1']);
    answer('yes');
    await end('bob1');
    await end('ann1');
    expect(await asking).toBe('yes');
    expect(started).toEqual(['bob1', 'ann1']);
  });

  it('ends a call that is cancelled while it waits for a person, and keeps no place for it', async () => {
    const queue = new CallQueue({ ...limits, running: 1 });
    const controller = new AbortController();
    const asking = queue.run('ann', controller.signal, (withoutPlace) =>
      withoutPlace(async () => controller.abort()),
    );
    await expect(asking).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await queue.run('ann', NEVER, async () => 'free')).toBe('free');
  });
});
