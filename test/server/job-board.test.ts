import { describe, expect, it } from 'vitest';
import type { Progress, ProgressListener } from '../../src/progress.ts';
import { type CallRequest, JobBoard } from '../../src/server/job-board.ts';
import type { ToolResult } from '../../src/server/tool-result.ts';

const answer = (text: string): ToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: { text },
});
const cancelled: ToolResult = {
  isError: true,
  content: [{ type: 'text', text: 'The work was cancelled.' }],
  _meta: { 'churn-mcp/code': 'CANCELLED' },
};

/** Work that a test ends, or that ends when it is stopped. */
function endless() {
  let finish: (result: ToolResult) => void = () => undefined;
  let report: ProgressListener = () => undefined;
  let begin: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const work: CallRequest['work'] = ({ signal, progress }) =>
    new Promise((resolve) => {
      begin();
      report = progress;
      finish = resolve;
      if (signal.aborted) resolve(cancelled);
      signal.addEventListener('abort', () => resolve(cancelled));
    });
  return {
    work,
    hasBegun,
    finish: (text: string) => finish(answer(text)),
    report: (p: Progress) => report(p),
  };
}

const ANN = { principal: 'ann', session: 's1' };

const call = (work: CallRequest['work'], more: Partial<CallRequest> = {}): CallRequest => ({
  tool: 'train_churn_model',
  caller: ANN,
  canWait: false,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  work,
  ...more,
});

const jobOf = (result: ToolResult) => String(result.structuredContent?.job_id);

describe('the job board', () => {
  it('answers a call that ends in time, and keeps no job for it', async () => {
    const board = new JobBoard({ afterMs: 10_000 });
    expect(await board.run(call(async () => answer('done')))).toEqual(answer('done'));
    expect(board.deskOf(ANN).list()).toEqual([]);
  });

  it('answers a longer call with a job, and gives its result later', async () => {
    const board = new JobBoard({ afterMs: 5 });
    const { work, hasBegun, finish, report } = endless();
    const running = board.run(call(work));
    await hasBegun;
    report({ phase: 'train', done: 40, total: 100, message: 'Training: tree 40 of 100' });
    const ticket = await running;
    const id = jobOf(ticket);
    expect(ticket.structuredContent).toMatchObject({ status: 'running', tool: 'train_churn_model' });
    expect(String(ticket.structuredContent?.text).replaceAll(id, 'ID')).toBe(
      'train_churn_model is not done after 0 seconds and goes on as job ID. So far: Training: tree 40 of 100. Call get_job with this job_id for its result, or cancel_job to stop it.',
    );
    const desk = board.deskOf(ANN);
    expect(await desk.find(id)).toMatchObject({
      status: 'running',
      progress: { done: 40 },
      outcome: undefined,
    });
    const found = desk.find(id, { waitMs: 10_000 });
    finish('a model');
    expect(await found).toMatchObject({
      status: 'done',
      progress: undefined,
      outcome: { texts: ['a model'], structuredContent: { text: 'a model' } },
    });
  });

  it('reports progress to a client only until the call is answered', async () => {
    const board = new JobBoard({ afterMs: 5 });
    const { work, hasBegun, report, finish } = endless();
    const seen: number[] = [];
    const running = board.run(call(work, { onProgress: ({ done }) => seen.push(done) }));
    await hasBegun;
    report({ phase: 'train', done: 1, total: 9, message: '' });
    const id = jobOf(await running);
    report({ phase: 'train', done: 2, total: 9, message: '' });
    expect(seen).toEqual([1]);
    expect((await board.deskOf(ANN).find(id)).progress?.done).toBe(2);
    finish('');
  });

  it('stops a call that its client cancels, but not the job that it has become', async () => {
    const board = new JobBoard({ afterMs: 30 });
    const early = new AbortController();
    const stopped = board.run(call(endless().work, { signal: early.signal }));
    early.abort();
    expect(await stopped).toEqual(cancelled);

    const late = new AbortController();
    const { work, finish } = endless();
    const id = jobOf(await board.run(call(work, { signal: late.signal })));
    late.abort();
    expect((await board.deskOf(ANN).find(id)).status).toBe('running');
    finish('done');
    expect((await board.deskOf(ANN).find(id, { waitMs: 1000 })).status).toBe('done');
  });

  it('cancels a job, and waits until it has stopped', async () => {
    const board = new JobBoard({ afterMs: 1 });
    const id = jobOf(await board.run(call(endless().work)));
    expect((await board.deskOf(ANN).cancel(id)).status).toBe('cancelled');
    expect((await board.deskOf(ANN).find(id)).status).toBe('cancelled');
  });

  it('shows a principal no job of another', async () => {
    const board = new JobBoard({ afterMs: 1 });
    const id = jobOf(await board.run(call(endless().work)));
    const other = board.deskOf({ principal: 'bob', session: 's1' });
    expect(other.list()).toEqual([]);
    await expect(other.find(id)).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
    await expect(other.cancel(id)).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
    expect((await board.deskOf(ANN).find(id)).status).toBe('running');
    await board[Symbol.asyncDispose]();
  });

  it('shows a principal its job by id in every session, and lists it only in the session that began it', async () => {
    const board = new JobBoard({ afterMs: 1 });
    const id = jobOf(await board.run(call(endless().work)));
    const later = board.deskOf({ principal: 'ann', session: 's2' });
    expect(later.list()).toEqual([]);
    expect((await later.find(id)).status).toBe('running');
    await board[Symbol.asyncDispose]();
  });

  it('ends all calls and jobs with the server, and starts no more', async () => {
    const board = new JobBoard({ afterMs: 1 });
    const id = jobOf(await board.run(call(endless().work)));
    await board[Symbol.asyncDispose]();
    expect((await board.deskOf(ANN).find(id)).status).toBe('cancelled');
    expect(await board.run(call(endless().work))).toEqual(cancelled);
  });

  it('forgets the oldest of many ended jobs, and no running one', async () => {
    const board = new JobBoard({ afterMs: 0 });
    const first = jobOf(await board.run(call(endless().work)));
    for (let i = 0; i < 60; i++) {
      const id = jobOf(await board.run(call(endless().work)));
      await board.deskOf(ANN).cancel(id);
    }
    const kept = board.deskOf(ANN).list();
    expect(kept.length).toBeLessThanOrEqual(52);
    expect(kept.map(({ jobId }) => jobId)).toContain(first);
    await board[Symbol.asyncDispose]();
  });
});
