import { z } from 'zod';
import { JOB_STATUSES } from '../src/mcp/job.ts';
import { textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { plural } from '../src/text/format.ts';

export const cancelJob = defineTool({
  name: 'cancel_job',
  title: 'Stop a long call',
  description:
    'Stops a call that goes on as a job. A training stops within a tree and registers nothing. A job that has ended stays as it is.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: false,
  lane: 'jobs',
  input: z.strictObject({
    job_id: z.string().min(1).max(100).describe('The job_id that the call returned.'),
  }),
  output: z.object({
    job_id: z.string().describe('Id of the job.'),
    tool: z.string().describe('The tool that was called.'),
    status: z.enum(JOB_STATUSES).describe('cancelled, or how it had already ended.'),
    elapsed_s: z.number().describe('Seconds that the job took.'),
    text: textSchema,
  }),
  async handler({ job_id }, { jobs }) {
    const before = await jobs.find(job_id);
    const { jobId, tool, status, elapsedSeconds } = await jobs.cancel(job_id);
    const seconds = plural(Math.round(elapsedSeconds), 'second');
    return {
      job_id: jobId,
      tool,
      status,
      elapsed_s: elapsedSeconds,
      text:
        status === 'running'
          ? `${tool} is being stopped. get_job tells once it has stopped.`
          : status === 'cancelled' && before.status === 'running'
            ? `${tool} was stopped after ${seconds}. Nothing was registered.`
            : `${tool} had already ended: it is ${status} and took ${seconds}.`,
    };
  },
});
