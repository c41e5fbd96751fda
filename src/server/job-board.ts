/**
 * Runs tool calls so that no answer takes longer than a client waits: a call that is not done in time is answered with the
 * id of a job, and goes on.
 */
import { randomUUID } from 'node:crypto';
import { ChurnMcpError } from '../errors.ts';
import type { Job, JobDesk, JobOutcome } from '../mcp/job.ts';
import type { Progress, ProgressListener } from '../progress.ts';
import { plural } from '../text/format.ts';
import type { JobFiles, Wait } from './job-files.ts';
import type { ToolResult } from './tool-result.ts';

/** How often a running job is written to its file, and its file looked at for the wish that it is cancelled. */
const TEND_MS = 1000;
/** How long a cancelled job of another process is waited for. */
const CANCELLING_MS = 40_000;
/** Ended jobs are kept so that clients can ask for them; the oldest are forgotten first. */
const MOST_ENDED = 50;

export interface JobBoardOptions {
  /** How long a call may take before it becomes a job. Clients give up after 60 s, and some sooner. */
  readonly afterMs: number;
  /** Where jobs are kept for the other processes of the home; nowhere by default. */
  readonly files?: JobFiles;
}

/**
 * A principal may ask for its jobs by id from any of its sessions, because clients reconnect. Only the session that began
 * a job lists it, because people who do not know each other may share a token.
 */
export interface Caller {
  readonly principal: string;
  /** Undefined if requests belong to no session: such a caller finds jobs by their ids, and none is listed. */
  readonly session: string | undefined;
}

/** The caller of a process that serves one person, who started it. */
export const LOCAL: Caller = { principal: 'local', session: 'local' };

export interface CallRequest {
  readonly tool: string;
  /** The principal that owns the job. */
  readonly caller: Caller;
  /** Whether the call never becomes a job. */
  readonly canWait: boolean;
  /** Cancels the call; ignored once the call has become a job. */
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener;
  /** The call itself. Never throws. */
  readonly work: (call: { signal: AbortSignal; progress: ProgressListener }) => Promise<ToolResult>;
}

interface Entry {
  readonly jobId: string;
  readonly tool: string;
  readonly caller: Caller;
  readonly startedAt: number;
  readonly controller: AbortController;
  readonly ended: Promise<ToolResult>;
  endedAt: number | undefined;
  progress: Progress | undefined;
  result: ToolResult | undefined;
}

export class JobBoard implements AsyncDisposable {
  readonly #afterMs: number;
  readonly #files: JobFiles | undefined;
  /** The loops that write jobs to their files, until they have ended. */
  readonly #tended = new Set<Promise<void>>();
  /** All running calls, and the jobs that have ended. */
  readonly #running = new Set<Entry>();
  readonly #jobs = new Map<string, Entry>();
  #isClosed = false;

  constructor({ afterMs, files }: JobBoardOptions) {
    this.#afterMs = afterMs;
    this.#files = files;
  }

  /** The result of the call, or the id of a job if it takes longer. */
  async run(request: CallRequest): Promise<ToolResult> {
    const entry = this.#start(request);
    const stop = () => entry.controller.abort();
    if (request.signal.aborted || this.#isClosed) stop();
    request.signal.addEventListener('abort', stop, { once: true });
    try {
      const result = await endedWithin(
        entry.ended,
        request.canWait ? Number.POSITIVE_INFINITY : this.#afterMs,
      );
      return result ?? this.#toJob(entry);
    } finally {
      request.signal.removeEventListener('abort', stop);
    }
  }

  /** The jobs as one caller may see them. */
  deskOf(caller: Caller): JobDesk {
    return {
      find: async (jobId, { waitMs = 0, signal } = {}) => {
        const entry = this.#own(jobId, caller);
        if (entry === undefined) return this.#findElsewhere(jobId, caller, { waitMs, signal });
        await endedWithin(entry.ended, waitMs, signal);
        return describe(entry);
      },
      cancel: async (jobId) => {
        const entry = this.#own(jobId, caller);
        if (entry === undefined) {
          const job = await this.#findElsewhere(jobId, caller, { waitMs: 0 });
          if (job.status !== 'running') return job;
          await this.#files?.cancel(jobId);
          return this.#findElsewhere(jobId, caller, { waitMs: CANCELLING_MS });
        }
        entry.controller.abort();
        await entry.ended;
        return describe(entry);
      },
      list: () => this.#jobsOf(caller).map(describe),
    };
  }

  /** Ends all running calls and jobs, and waits until they have stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#running];
    for (const { controller } of running) controller.abort();
    await Promise.all(running.map(({ ended }) => ended));
    await Promise.all(this.#tended);
  }

  #start({ tool, caller, work, onProgress }: CallRequest): Entry {
    const controller = new AbortController();
    let isJob = false;
    const progress = (report: Progress) => {
      entry.progress = report;
      // Once a call is a job, the client has had its answer, so no more progress is sent.
      isJob ||= this.#jobs.has(entry.jobId);
      if (!isJob) onProgress(report);
    };
    const entry: Entry = {
      jobId: randomUUID(),
      tool,
      caller,
      startedAt: performance.now(),
      controller,
      // `work` starts a moment later: it may report at once, and the entry has to exist by then.
      ended: Promise.resolve()
        .then(() => work({ signal: controller.signal, progress }))
        .then((result) => this.#end(entry, result)),
      endedAt: undefined,
      progress: undefined,
      result: undefined,
    };
    this.#running.add(entry);
    return entry;
  }

  #end(entry: Entry, result: ToolResult): ToolResult {
    entry.result = result;
    entry.endedAt = performance.now();
    this.#running.delete(entry);
    return result;
  }

  async #toJob(entry: Entry): Promise<ToolResult> {
    this.#jobs.set(entry.jobId, entry);
    this.#dropOldest();
    if (this.#files !== undefined) await this.#keepIn(this.#files, entry);
    const seconds = plural(Math.round(elapsedSeconds(entry)), 'second');
    const doing = entry.progress === undefined ? '' : ` So far: ${entry.progress.message}.`;
    const text = `${entry.tool} is not done after ${seconds} and goes on as job ${entry.jobId}.${doing} Call get_job with this job_id for its result, or cancel_job to stop it.`;
    return {
      content: [{ type: 'text', text }],
      structuredContent: { job_id: entry.jobId, status: 'running', tool: entry.tool, text },
    };
  }

  /** Keeps a job in its file from now on. Its id is told once the other processes can find it. */
  async #keepIn(files: JobFiles, entry: Entry): Promise<void> {
    const keep = () => files.keep(describe(entry), entry.caller.principal);
    await files.removeOld();
    await keep();
    const tend = async () => {
      while (entry.result === undefined) {
        await endedWithin(entry.ended, TEND_MS);
        if (await files.isToBeCancelled(entry.jobId)) entry.controller.abort();
        await keep();
      }
      await keep();
    };
    const tended = tend();
    this.#tended.add(tended);
    void tended.then(() => this.#tended.delete(tended));
  }

  #own(jobId: string, caller: Caller): Entry | undefined {
    const entry = this.#jobs.get(jobId);
    return entry?.caller.principal === caller.principal ? entry : undefined;
  }

  /** @throws UNKNOWN_JOB, also for a job of another principal */
  async #findElsewhere(jobId: string, caller: Caller, wait: Wait): Promise<Job> {
    const job = await this.#files?.find(jobId, caller.principal, wait);
    if (job !== undefined) return job;
    const own = this.#jobsOf(caller).map((each) => each.jobId);
    throw new ChurnMcpError('UNKNOWN_JOB', 'There is no such job.', {
      hint:
        own.length === 0
          ? `Jobs ${this.#files === undefined ? 'end when the server ends' : 'are kept for a day'}; list_models shows what they registered.`
          : `There ${own.length === 1 ? 'is' : 'are'} ${plural(own.length, 'job')}: ${own.slice(0, 5).join(', ')}.`,
    });
  }

  #jobsOf({ principal, session }: Caller): Entry[] {
    if (session === undefined) return [];
    return [...this.#jobs.values()]
      .filter(({ caller }) => caller.principal === principal && caller.session === session)
      .reverse();
  }

  #dropOldest(): void {
    const ended = [...this.#jobs.values()].filter(({ result }) => result !== undefined);
    for (const { jobId } of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) this.#jobs.delete(jobId);
  }
}

function describe(entry: Entry): Job {
  const { jobId, tool, result, progress } = entry;
  const outcome = result && outcomeOf(result);
  return {
    jobId,
    tool,
    status: statusOf(outcome, result),
    elapsedSeconds: elapsedSeconds(entry),
    progress: result ? undefined : progress,
    outcome,
  };
}

function statusOf(outcome: JobOutcome | undefined, result: ToolResult | undefined): Job['status'] {
  if (outcome === undefined || result === undefined) return 'running';
  if (!result.isError) return 'done';
  return outcome.code === 'CANCELLED' ? 'cancelled' : 'failed';
}

function outcomeOf({ content, structuredContent, _meta }: ToolResult): JobOutcome {
  const code = _meta?.['churn-mcp/code'];
  return {
    texts: content.flatMap((item) => (item.type === 'text' ? [item.text] : [])),
    structuredContent,
    code: typeof code === 'string' ? code : undefined,
  };
}

function elapsedSeconds({ startedAt, endedAt }: Entry): number {
  return Math.round((endedAt ?? performance.now()) - startedAt) / 1000;
}

/** The result of `work`, or undefined if it takes longer (or the caller no longer waits). */
async function endedWithin<Result>(
  work: Promise<Result>,
  ms: number,
  signal?: AbortSignal,
): Promise<Result | undefined> {
  if (!Number.isFinite(ms)) return work;
  const waiting = new AbortController();
  const late = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    const leave = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
    waiting.signal.addEventListener('abort', leave, { once: true });
    signal?.addEventListener('abort', leave, { once: true, signal: waiting.signal });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    waiting.abort();
  }
}
