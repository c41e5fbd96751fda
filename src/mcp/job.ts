/** Calls that take longer than clients wait go on as jobs. This is what is known of a job. */
import type { Progress } from '../progress.ts';

export const JOB_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export interface Job {
  readonly jobId: string;
  /** The tool that was called. */
  readonly tool: string;
  readonly status: JobStatus;
  readonly elapsedSeconds: number;
  /** The last report of progress, while it runs. */
  readonly progress: Progress | undefined;
  /** What the call would have returned, once it is done or has failed. */
  readonly outcome: JobOutcome | undefined;
}

export interface JobOutcome {
  /** The texts of the result; the first is the answer. */
  readonly texts: readonly string[];
  readonly structuredContent: Readonly<Record<string, unknown>> | undefined;
  /** The error code of a failure. */
  readonly code: string | undefined;
}

/** The jobs of one caller. A caller sees no job of another. */
export interface JobDesk {
  /**
   * A job as it is, or as it is when it ends within `waitMs`.
   * @throws UNKNOWN_JOB
   */
  find(jobId: string, options?: { waitMs?: number; signal?: AbortSignal | undefined }): Promise<Job>;
  /** Stops a running job, and waits until it has stopped. */
  cancel(jobId: string): Promise<Job>;
  /** Newest first. */
  list(): readonly Job[];
}
