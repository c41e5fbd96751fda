/** Lists the tools, and runs their calls on the job board. */
import { isGranted, type Tool } from '../mcp/tool.ts';
import { type ProgressListener, withTimeLeft } from '../progress.ts';
import { answerIn, confirmation } from './ask-person.ts';
import type { CallQueue } from './call-queue.ts';
import type { CallRunner, RunningCall } from './call-runner.ts';
import { type ToolCall, toErrorResult } from './dispatch.ts';
import type { JobBoard } from './job-board.ts';
import { ProgressNotifier } from './progress-notifier.ts';
import { RequestError, RPC_CODES } from './request-error.ts';
import { guardedHandler, type RequestContext } from './request-handlers.ts';
import { callToolSchema, noParamsSchema } from './request-schemas.ts';
import type { ServerLog } from './server-log.ts';
import type { ToolResult } from './tool-result.ts';
import { describeTool } from './tool-schemas.ts';

export interface ToolService {
  readonly tools: readonly Tool[];
  readonly readOnly: boolean;
  /** Runs the calls of tools that only read jobs. */
  readonly local: CallRunner;
  /** Runs all other calls. */
  readonly calls: CallRunner;
  readonly queue: CallQueue;
  /** For calls that read together: `Tool.sharesReading`. */
  readonly sharedQueue: CallQueue;
  readonly jobs: JobBoard;
  readonly log: ServerLog;
}

export function toolHandlers(service: ToolService) {
  const { tools, readOnly, jobs, log } = service;
  let described: ReturnType<typeof describeTool>[] | undefined;
  const list = guardedHandler(
    'tools/list',
    noParamsSchema,
    () => {
      described ??= tools.map(describeTool);
      return { tools: described };
    },
    log,
  );

  const call = guardedHandler(
    'tools/call',
    callToolSchema,
    async (params, context) => {
      const { caller, ask, requestId } = context;
      const tool = toolNamed(params.name, tools);
      // Undefined if callers are not told apart: the person who starts a process may do everything with it.
      const scopes = withinLimits(context.scopes, readOnly);
      const mayTrain = scopes === undefined || isGranted(scopes, 'churn:train');
      const notifier = new ProgressNotifier(senderOf(context, params._meta?.progressToken));
      const onProgress: ProgressListener = withTimeLeft((progress) => notifier.report(progress));
      const toolCall: ToolCall = { tool, args: params.arguments, scopes, requestId };
      const result = await jobs.run({
        tool: tool.name,
        caller,
        canWait: !tool.mayBecomeJob,
        signal: context.signal,
        onProgress,
        work: ({ signal, progress }) =>
          runCall(
            toolCall,
            {
              signal,
              progress,
              mayTrain,
              jobs: jobs.deskOf(caller),
              ask: async (question) => answerIn(await ask(confirmation(question), signal)),
            },
            { ...service, principal: caller.principal },
          ),
      });
      await notifier.settle();
      return result;
    },
    log,
  );
  return { 'tools/list': list, 'tools/call': call };
}

/** What a caller may do on a server that only reads. */
function withinLimits(
  scopes: readonly string[] | undefined,
  readOnly: boolean,
): readonly string[] | undefined {
  if (!readOnly) return scopes;
  return scopes === undefined || isGranted(scopes, 'churn:read') ? ['churn:read'] : [];
}

/** Never throws. */
async function runCall(
  call: ToolCall,
  running: RunningCall,
  { local, calls, queue, sharedQueue, principal, log }: ToolService & { readonly principal: string },
): Promise<ToolResult> {
  try {
    if (call.tool.lane === 'jobs') return await local.run(call, running);
    if (call.tool.lane === 'trainings') return await calls.run(call, running);
    const own = call.tool.sharesReading?.(call.args) === true ? sharedQueue : queue;
    return await own.run(principal, running.signal, (withoutPlace) =>
      calls.run(call, { ...running, ask: (question) => withoutPlace(() => running.ask(question)) }),
    );
  } catch (error) {
    return toErrorResult(call.tool, error, log);
  }
}

function toolNamed(name: string, tools: readonly Tool[]): Tool {
  const tool = tools.find((each) => each.name === name);
  if (tool) return tool;
  const names = tools.map((each) => each.name).join(', ');
  throw new RequestError(RPC_CODES.params, `Unknown tool. Tools: ${names}`);
}

/** Clients that want progress send a progress token. */
function senderOf({ notify }: RequestContext, progressToken: string | number | undefined) {
  return (progress: { progress: number; total: number; message: string }): void => {
    if (progressToken === undefined) return;
    const params = { progressToken, ...progress };
    notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
