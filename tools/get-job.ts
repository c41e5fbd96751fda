import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { JOB_STATUSES, type Job, type JobDesk } from '../src/mcp/job.ts';
import { textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { plural } from '../src/text/format.ts';

/** Below the 45 s that every client waits at least. */
const MOST_WAIT_S = 40;

export const getJob = defineTool({
  name: 'get_job',
  title: 'Progress and result of a long call',
  description:
    'Shows the progress or the result of a call that took too long to be answered at once and goes on as a job. Waits a while for the job to end, so that few calls are needed. Without job_id it shows the caller’s latest job.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: false,
  lane: 'jobs',
  input: z.strictObject({
    job_id: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('The job_id that the call returned. Default: the latest job.'),
    wait_s: z
      .number()
      .min(0)
      .max(MOST_WAIT_S)
      .default(20)
      .describe(`Seconds to wait for the job to end, up to ${MOST_WAIT_S}; 0 answers at once.`),
  }),
  output: z.object({
    job_id: z.string().describe('Id of the job.'),
    tool: z.string().describe('The tool that was called.'),
    status: z.enum(JOB_STATUSES).describe('A job that failed or was cancelled registered nothing.'),
    elapsed_s: z.number().describe('Seconds since the call, or seconds that it took.'),
    progress: z
      .object({
        done: z.number().describe('Within the phase.'),
        total: z.number().describe('Within the phase.'),
        message: z.string().describe('In words.'),
      })
      .optional()
      .describe('The latest report, if the job runs.'),
    result: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('If the job is done: what the tool returns, by its own output schema; its text is in text.'),
    error_code: z.string().optional().describe('If the job failed: the code of the error.'),
    note: z.string().optional().describe('A remark beside the answer.'),
    text: textSchema,
  }),
  async handler({ job_id, wait_s }, { jobs, signal }) {
    const job = await jobs.find(job_id ?? latestOf(jobs), { waitMs: wait_s * 1000, signal });
    const { structuredContent, texts = [], code } = job.outcome ?? {};
    const { text: _, ...result } = structuredContent ?? {};
    const notes = texts.slice(1);
    return {
      job_id: job.jobId,
      tool: job.tool,
      status: job.status,
      elapsed_s: job.elapsedSeconds,
      ...(job.progress && {
        progress: { done: job.progress.done, total: job.progress.total, message: job.progress.message },
      }),
      ...(structuredContent && { result }),
      ...(code !== undefined && { error_code: code }),
      ...(notes.length > 0 && { note: notes.join('\n') }),
      text: jobText(job, texts.at(0)),
    };
  },
});

/** @throws UNKNOWN_JOB if the caller has none, or belongs to no session, whose jobs are found by their ids alone */
function latestOf(jobs: JobDesk): string {
  const latest = jobs.list().at(0);
  if (latest !== undefined) return latest.jobId;
  throw new ChurnMcpError('UNKNOWN_JOB', 'There is no job to show.', {
    hint: 'If a call returned a job_id, give it. A call becomes a job only if it takes long.',
  });
}

function jobText(job: Job, answer: string | undefined): string {
  const { jobId, tool, status, progress, elapsedSeconds } = job;
  const seconds = plural(Math.round(elapsedSeconds), 'second');
  switch (status) {
    case 'running':
      return `${tool} has been running for ${seconds} as job ${jobId}.${progress ? ` ${progress.message}.` : ''}`;
    case 'cancelled':
      return `${tool} was cancelled after ${seconds}. Nothing was registered.`;
    case 'failed':
      return `${tool} failed after ${seconds}: ${answer ?? 'no reason is known.'}`;
    case 'done':
      return answer ?? `${tool} is done.`;
  }
}
