import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { hostOf } from '../../src/server/call-host.ts';
import type { RunningCall } from '../../src/server/call-runner.ts';
import { CallWorker, type CallWorkerOptions } from '../../src/server/call-worker.ts';
import { TOOLS } from '../../tools/index.ts';
import { silentLog } from '../helpers/mcp-client.ts';

const [tool] = TOOLS;

/** A thread that reports progress, then answers unless it is told to wait; "die" ends it. */
const SCRIPT = `
  const { parentPort } = require('node:worker_threads');
  const result = (id, text) => parentPort.postMessage({ kind: 'result', id, result: { content: [{ type: 'text', text }] } });
  const calls = new Map();
  parentPort.on('message', (message) => {
    if (message.kind === 'close') process.exit(0);
    if (message.kind === 'cancel') return result(message.id, 'cancelled');
    if (message.args === 'die') process.exit(1);
    if (message.args === 'ask') return parentPort.postMessage({ kind: 'question', id: message.id, question: '?' });
    if (message.kind === 'answer') return result(message.id, message.answer);
    parentPort.postMessage({ kind: 'progress', id: message.id, progress: { phase: 'p', done: 1, total: 1, message: 'half' } });
    if (message.args !== 'wait') result(message.id, 'done ' + message.args);
  });
`;

let started = 0;
const closing: CallWorker[] = [];
afterEach(async () => {
  for (const worker of closing.splice(0)) await worker[Symbol.asyncDispose]();
});

function startWorker(options?: CallWorkerOptions): CallWorker {
  const start = () => {
    started++;
    return new Worker(SCRIPT, { eval: true });
  };
  const worker = new CallWorker(start, silentLog, options);
  closing.push(worker);
  return worker;
}

function running(signal = new AbortController().signal): RunningCall & { readonly heard: string[] } {
  const heard: string[] = [];
  const jobs = { find: noJobs, cancel: noJobs, list: () => [] };
  return {
    signal,
    progress: ({ message }) => heard.push(message),
    mayTrain: true,
    jobs,
    ask: noQuestion,
    heard,
  };
}

const noQuestion = () => Promise.reject(new Error('nobody is asked here'));
const noJobs = () => Promise.reject(new Error('no jobs here'));

describe('the thread that runs calls', () => {
  it('reports progress and gives the result of each call', async () => {
    const worker = startWorker();
    const [one, two] = [running(), running()];
    const results = await Promise.all([
      worker.run({ tool, args: 'one' }, one),
      worker.run({ tool, args: 'two' }, two),
    ]);
    expect(results.map(({ content }) => content)).toEqual([
      [{ type: 'text', text: 'done one' }],
      [{ type: 'text', text: 'done two' }],
    ]);
    expect([one.heard, two.heard]).toEqual([['half'], ['half']]);
  });

  it('stops a call that is cancelled', async () => {
    const controller = new AbortController();
    const answer = startWorker().run({ tool, args: 'wait' }, running(controller.signal));
    controller.abort();
    expect((await answer).content).toEqual([{ type: 'text', text: 'cancelled' }]);
  });

  it('takes a question that fails for a no', async () => {
    const answer = await startWorker().run({ tool, args: 'ask' }, running());
    expect(answer.content).toEqual([{ type: 'text', text: 'no' }]);
  });

  it('answers a call whose arguments cannot be given to it', async () => {
    const { isError, _meta } = await startWorker().run({ tool, args: () => undefined }, running());
    expect([isError, _meta]).toEqual([true, { 'churn-mcp/code': 'INTERNAL' }]);
  });

  it('starts no other thread for the answer to a call that was lost', async () => {
    const worker = startWorker();
    const before = started;
    let agree: (answer: 'yes') => void = () => undefined;
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const ask = () =>
      new Promise<'yes'>((resolve) => {
        agree = resolve;
        isAsked();
      });
    const lost = worker.run({ tool, args: 'ask' }, { ...running(), ask });
    await asked;
    await Promise.all([lost, worker.run({ tool, args: 'die' }, running())]);
    agree('yes');
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toBe(before + 1);
  });

  it('starts again after a crash, and its calls fail with WORKER_LOST', async () => {
    const worker = startWorker();
    const before = started;
    const waiting = worker.run({ tool, args: 'wait' }, running());
    const dying = worker.run({ tool, args: 'die' }, running());
    for (const lost of [await waiting, await dying]) {
      expect(lost).toMatchObject({ isError: true, _meta: { 'churn-mcp/code': 'WORKER_LOST' } });
    }
    expect((await worker.run({ tool, args: 'again' }, running())).isError).toBeUndefined();
    expect(started).toBe(before + 2);
  });

  it('ends when it was idle for long enough, and starts again for the next call', async () => {
    const worker = startWorker({ endsAfterIdleMs: 1 });
    const before = started;
    for (const args of ['one', 'two']) {
      expect((await worker.run({ tool, args }, running())).isError).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(started).toBe(before + 2);
  });

  it('fails the calls of a process that cannot be started', async () => {
    const worker = new CallWorker(
      () => hostOf(spawn('/no/such/program', { stdio: ['ignore', 2, 2, 'ipc'] })),
      silentLog,
    );
    closing.push(worker);
    expect(await worker.run({ tool, args: 'one' }, running())).toMatchObject({
      _meta: { 'churn-mcp/code': 'WORKER_LOST' },
    });
  });
});
