/** The handlers of all methods, with the tools, texts and schemas they need. */
import type { Tool } from '../mcp/tool.ts';
import { CallQueue, SHARED_CALL_LIMITS } from './call-queue.ts';
import { type CallRunner, localRunner } from './call-runner.ts';
import { completionHandlers } from './completions.ts';
import { JobBoard } from './job-board.ts';
import { promptHandlers } from './prompt-handlers.ts';
import type { Method, RequestHandler } from './request-handlers.ts';
import { resourceHandlers } from './resources.ts';
import type { ServerLog } from './server-log.ts';
import type { Services } from './services.ts';
import { toolHandlers } from './tool-handlers.ts';

export interface ServiceOptions {
  readonly services: Services;
  readonly tools: readonly Tool[];
  /** Callers may do what the scope churn:read allows, whatever their token says. */
  readonly readOnly?: boolean;
  readonly log: ServerLog;
  readonly version: string;
  /** Continues long calls as jobs. Without a board, a call is answered however long it takes. */
  readonly jobs?: JobBoard;
  /** Runs the calls; by default in this thread. */
  readonly calls?: CallRunner;
}

export function serviceHandlers(options: ServiceOptions): Readonly<Record<Method, RequestHandler>> {
  const { services, tools, readOnly = false, log } = options;
  const jobs = options.jobs ?? new JobBoard({ afterMs: Number.POSITIVE_INFINITY });
  const local = localRunner(services, log);
  const { calls = local } = options;
  return {
    ...toolHandlers({
      tools,
      readOnly,
      local,
      calls,
      queue: new CallQueue(),
      sharedQueue: new CallQueue(SHARED_CALL_LIMITS),
      jobs,
      log,
    }),
    ...resourceHandlers(services, log),
    ...promptHandlers(log),
    ...completionHandlers(services, log),
  };
}
