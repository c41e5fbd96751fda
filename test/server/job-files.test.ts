import { spawnSync } from 'node:child_process';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sealedJson } from '../../src/files/sealed-json.ts';
import type { Job } from '../../src/mcp/job.ts';
import { JobBoard } from '../../src/server/job-board.ts';
import { JobFiles } from '../../src/server/job-files.ts';
import type { ToolResult } from '../../src/server/tool-result.ts';
import { silentLog } from '../helpers/mcp-client.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const ANN = { principal: 'ann', session: undefined };
const BOB = { principal: 'bob', session: undefined };

/** Two processes of one home, as far as jobs go. */
async function twoBoards() {
  const home = await newTestHome();
  const board = () => new JobBoard({ afterMs: 1, files: new JobFiles(home, silentLog) });
  return { home, here: board(), there: board() };
}

const done: ToolResult = {
  content: [{ type: 'text', text: 'a model' }],
  structuredContent: { text: 'a model', version: 'v' },
};
const cancelled: ToolResult = {
  isError: true,
  content: [{ type: 'text', text: 'It was cancelled.' }],
  _meta: { 'churn-mcp/code': 'CANCELLED' },
};

/** Begins a call that becomes a job, which ends when told to or cancelled. */
async function beginJob(board: JobBoard) {
  let finish: (result: ToolResult) => void = () => undefined;
  const result = await board.run({
    tool: 'train_churn_model',
    caller: ANN,
    canWait: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    work: ({ signal, progress }) =>
      new Promise((resolve) => {
        progress({ phase: 'train', done: 4, total: 10, message: 'Training: tree 4 of 10' });
        finish = resolve;
        signal.addEventListener('abort', () => resolve(cancelled));
      }),
  });
  return { jobId: String(result.structuredContent?.job_id), finish: () => finish(done) };
}

async function keptJob(home: string): Promise<{ file: string; content: Record<string, unknown> }> {
  const [name] = await readdir(join(home, 'jobs'));
  const file = join(home, 'jobs', name);
  const { sha256: _, ...content } = JSON.parse(await readFile(file, 'utf8'));
  return { file, content };
}

describe('a job of another process of the home', () => {
  it('is found by its id, and waited for', async () => {
    const { here, there } = await twoBoards();
    const { jobId, finish } = await beginJob(here);
    const desk = there.deskOf(ANN);
    expect(await desk.find(jobId)).toMatchObject({
      status: 'running',
      tool: 'train_churn_model',
      progress: { done: 4, message: 'Training: tree 4 of 10' },
    });
    const waiting = desk.find(jobId, { waitMs: 10_000 });
    finish();
    expect(await waiting).toMatchObject({
      status: 'done',
      outcome: { texts: ['a model'], structuredContent: { version: 'v' } },
    });
  });

  it('is stopped on request', async () => {
    const { here, there } = await twoBoards();
    const { jobId } = await beginJob(here);
    expect(await there.deskOf(ANN).cancel(jobId)).toMatchObject({ status: 'cancelled' });
    expect(await here.deskOf(ANN).find(jobId)).toMatchObject({ status: 'cancelled' });
  });

  it('does not exist for another principal, nor does one of a made-up id', async () => {
    const { here, there } = await twoBoards();
    const { jobId, finish } = await beginJob(here);
    for (const id of [jobId, '../../etc/passwd', 'gone', '00000000-0000-4000-8000-000000000000']) {
      await expect(there.deskOf(BOB).find(id)).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
      await expect(there.deskOf(BOB).cancel(id)).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
    }
    expect(await here.deskOf(ANN).find(jobId)).toMatchObject({ status: 'running' });
    finish();
  });

  it('is found after the process has ended', async () => {
    const { here, there } = await twoBoards();
    const { jobId } = await beginJob(here);
    await here[Symbol.asyncDispose]();
    expect(await there.deskOf(ANN).find(jobId)).toMatchObject({ status: 'cancelled' });
  });

  it('has failed if its process was killed', async () => {
    const { home, here, there } = await twoBoards();
    const { jobId } = await beginJob(here);
    await here[Symbol.asyncDispose]();
    const { file, content } = await keptJob(home);
    const { pid } = spawnSync(process.execPath, ['--version']);
    const owner = { ...Object(content.owner), pid };
    const { outcome: _, ...before } = content;
    await writeFile(file, sealedJson({ ...before, status: 'running', owner }));
    const job: Job = await there.deskOf(ANN).find(jobId, { waitMs: 10_000 });
    expect(job).toMatchObject({ status: 'failed', outcome: { code: 'WORKER_LOST' } });
  });

  it.each([
    ['ahead', -3],
    ['back', 3],
  ])(
    'runs on if the clock was set %s, and has failed if nothing touches its file any more',
    async (_, hours) => {
      const { home, here, there } = await twoBoards();
      const { jobId } = await beginJob(here);
      await here[Symbol.asyncDispose]();
      const { file, content } = await keptJob(home);
      // The process that runs it is another one, which lives.
      const owner = { ...Object(content.owner), pid: process.ppid };
      const { outcome: _outcome, ...before } = content;
      await writeFile(file, sealedJson({ ...before, status: 'running', owner }));
      const touch = async (ms: number) => await utimes(file, new Date(ms), new Date(ms));
      await touch(Date.now() + hours * 3_600_000);
      const found = there.deskOf(ANN).find(jobId);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await touch(Date.now());
      expect(await found).toMatchObject({ status: 'running' });
      await touch(Date.now() + hours * 3_600_000);
      expect(await there.deskOf(ANN).find(jobId)).toMatchObject({ status: 'failed' });
    },
  );

  it('is unknown if its file is damaged, and forgotten after a day', async () => {
    const { home, here, there } = await twoBoards();
    const { jobId, finish } = await beginJob(here);
    finish();
    await there.deskOf(ANN).find(jobId, { waitMs: 10_000 });
    await here[Symbol.asyncDispose]();
    const { file } = await keptJob(home);
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(file, yesterday, yesterday);
    const { finish: finishAnother } = await beginJob(there);
    await expect(new JobFiles(home, silentLog).find(jobId, 'ann', { waitMs: 0 })).resolves.toBeUndefined();
    finishAnother();
    await there[Symbol.asyncDispose]();
    const another = await keptJob(home);
    await writeFile(another.file, (await readFile(another.file, 'utf8')).replace('a model', 'A model'));
    const id = another.file.slice(-41, -5);
    await expect(here.deskOf(ANN).find(id)).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
  });
});
