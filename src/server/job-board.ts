/**
 * Runs tool calls so that none lasts longer than a client waits: a call that is not done in time is answered with the
 * number of a job, and goes on.
 */
import { randomUUID } from 'node:crypto';
import { ChurnMcpError } from '../errors.ts';
import { plural } from '../mcp/format.ts';
import type { Job, JobDesk, JobOutcome } from '../mcp/job.ts';
import type { Progress, ProgressListener } from '../progress.ts';
import type { ToolResult } from './tool-result.ts';

/** Jobs that have ended are kept to be asked for; the oldest go first. */
const MOST_ENDED = 50;

export interface JobBoardOptions {
  /** How long a call may take before it becomes a job. Clients give up after 60 s, and some sooner. */
  readonly afterMs: number;
}

/**
 * A principal may ask for its jobs by their numbers from any of its sessions: clients reconnect. Only the session that
 * began them has them listed, since a token may be shared by people who know nothing of each other.
 */
export interface Caller {
  readonly principal: string;
  readonly session: string;
}

export interface CallRequest {
  readonly tool: string;
  /** Whose job it becomes. */
  readonly caller: Caller;
  /** It never becomes a job. */
  readonly canWait: boolean;
  /** Ends the call; no longer listened to once it has become a job. */
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
  /** Every call in flight, and the jobs that have ended. */
  readonly #running = new Set<Entry>();
  readonly #jobs = new Map<string, Entry>();
  #isClosed = false;

  constructor({ afterMs }: JobBoardOptions) {
    this.#afterMs = afterMs;
  }

  /** The call's result, or a job's number where it takes longer. */
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

  /** What one caller may see of the jobs. */
  deskOf(caller: Caller): JobDesk {
    return {
      find: async (jobId, { waitMs = 0, signal } = {}) => {
        const entry = this.#find(jobId, caller);
        await endedWithin(entry.ended, waitMs, signal);
        return describe(entry);
      },
      cancel: async (jobId) => {
        const entry = this.#find(jobId, caller);
        entry.controller.abort();
        await entry.ended;
        return describe(entry);
      },
      list: () => this.#jobsOf(caller).map(describe),
    };
  }

  /** Ends every call and job in flight, and waits until they have stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#running];
    for (const { controller } of running) controller.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  #start({ tool, caller, work, onProgress }: CallRequest): Entry {
    const controller = new AbortController();
    let isJob = false;
    const progress = (report: Progress) => {
      entry.progress = report;
      // A job's own reports would come after the answer that the client has had.
      isJob ||= this.#jobs.has(entry.jobId);
      if (!isJob) onProgress(report);
    };
    const entry: Entry = {
      jobId: randomUUID(),
      tool,
      caller,
      startedAt: performance.now(),
      controller,
      // Begun a moment later: `work` may report at once, and the entry has to be there.
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

  #toJob(entry: Entry): ToolResult {
    this.#jobs.set(entry.jobId, entry);
    this.#dropOldest();
    const seconds = plural(Math.round(elapsedSeconds(entry)), 'second');
    const doing = entry.progress === undefined ? '' : ` So far: ${entry.progress.message}.`;
    const text = `${entry.tool} is not done after ${seconds} and goes on as job ${entry.jobId}.${doing} get_job with this job_id gives its result, cancel_job stops it.`;
    return {
      content: [{ type: 'text', text }],
      structuredContent: { job_id: entry.jobId, status: 'running', tool: entry.tool, text },
    };
  }

  #find(jobId: string, caller: Caller): Entry {
    const entry = this.#jobs.get(jobId);
    if (entry?.caller.principal === caller.principal) return entry;
    const own = this.#jobsOf(caller).map((job) => job.jobId);
    throw new ChurnMcpError('UNKNOWN_JOB', 'There is no such job.', {
      hint:
        own.length === 0
          ? 'Jobs end with the server; list_models shows what was registered.'
          : `There ${own.length === 1 ? 'is' : 'are'} ${plural(own.length, 'job')}: ${own.slice(0, 5).join(', ')}.`,
    });
  }

  #jobsOf({ principal, session }: Caller): Entry[] {
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

/** What `work` gives, or undefined where it takes longer than that (or nobody waits any more). */
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
