import { ChurnMcpError } from '../errors.ts';
import type { JobDesk } from '../mcp/job.ts';

/** Jobs and the tools that read them are in the main thread of a server, for its callers. */
export const NO_JOBS: JobDesk = {
  find: () => Promise.reject(noJobs()),
  cancel: () => Promise.reject(noJobs()),
  list: () => [],
};

function noJobs(): ChurnMcpError {
  return new ChurnMcpError('INTERNAL', 'Jobs were asked for by work that belongs to no caller.');
}
