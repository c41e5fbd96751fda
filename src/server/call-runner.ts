/** Runs the work of a tool call: in this thread, or in another so that this one can answer meanwhile. */
import type { JobDesk } from '../mcp/job.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import type { ProgressListener } from '../progress.ts';
import { dispatch, type ToolCall } from './dispatch.ts';
import type { ServerLog } from './server-log.ts';
import type { Services } from './services.ts';
import type { ToolResult } from './tool-result.ts';

export interface RunningCall {
  readonly signal: AbortSignal;
  readonly progress: ProgressListener;
  /** Whether a question may train the model that it needs. */
  readonly mayTrain: boolean;
  readonly jobs: JobDesk;
  readonly ask: ToolContext['ask'];
}

export interface CallRunner {
  /** Never throws. */
  run(call: ToolCall, running: RunningCall): Promise<ToolResult>;
}

export function localRunner(services: Pick<Services, 'context'>, log: ServerLog): CallRunner {
  return { run: (call, running) => dispatch(call, services.context(running), log) };
}
