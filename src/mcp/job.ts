/** Calls that outlast a client's patience: they go on as jobs, and these are what is known of them. */
import type { Progress } from '../progress.ts';

export const JOB_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export interface Job {
  readonly jobId: string;
  /** The tool that was called. */
  readonly tool: string;
  readonly status: JobStatus;
  readonly elapsedSeconds: number;
  /** The last report, while it runs. */
  readonly progress: Progress | undefined;
  /** What the call would have returned; once it is done, or has failed. */
  readonly outcome: JobOutcome | undefined;
}

export interface JobOutcome {
  /** The texts of the result, the first of which is the answer. */
  readonly texts: readonly string[];
  readonly structuredContent: Readonly<Record<string, unknown>> | undefined;
  /** Of a failure: its code. */
  readonly code: string | undefined;
}

/** The jobs of one caller. Nobody sees another's. */
export interface JobDesk {
  /**
   * A job as it is, or as it is when it ends within `waitMs`.
   * @throws UNKNOWN_JOB
   */
  find(jobId: string, options?: { waitMs?: number; signal?: AbortSignal | undefined }): Promise<Job>;
  /** Stops a job that runs, and waits until it has stopped. */
  cancel(jobId: string): Promise<Job>;
  /** Newest first. */
  list(): readonly Job[];
}
