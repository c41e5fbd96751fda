/** Lists the tools, and runs their calls on the job board. */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { isGranted, type Tool } from '../mcp/tool.ts';
import { type ProgressListener, withTimeLeft } from '../progress.ts';
import { askPerson } from './ask-person.ts';
import type { CallQueue } from './call-queue.ts';
import type { CallRunner, RunningCall } from './call-runner.ts';
import { type ToolCall, toErrorResult } from './dispatch.ts';
import type { Extra } from './guarded-server.ts';
import type { Caller, JobBoard } from './job-board.ts';
import { ProgressNotifier } from './progress-notifier.ts';
import { RequestError } from './request-error.ts';
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
  readonly jobs: JobBoard;
  readonly caller: Caller;
  readonly log: ServerLog;
}

export function serveTools(server: Server, service: ToolService): void {
  const { tools, readOnly, jobs, caller } = service;
  let described: ReturnType<typeof describeTool>[] | undefined;
  server.setRequestHandler(ListToolsRequestSchema, () => {
    described ??= tools.map(describeTool);
    return { tools: described };
  });

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = toolNamed(params.name, tools);
    // Undefined if callers are not told apart: the person who starts a process may do everything with it.
    const scopes = withinLimits(extra.authInfo?.scopes, readOnly);
    const mayTrain = scopes === undefined || isGranted(scopes, 'churn:train');
    const notifier = new ProgressNotifier(senderOf(extra, params._meta?.progressToken));
    const onProgress: ProgressListener = withTimeLeft((progress) => notifier.report(progress));
    const call: ToolCall = { tool, args: params.arguments, scopes };
    const result = await jobs.run({
      tool: tool.name,
      caller,
      canWait: !tool.mayBecomeJob,
      signal: extra.signal,
      onProgress,
      work: ({ signal, progress }) =>
        runCall(
          call,
          {
            signal,
            progress,
            mayTrain,
            jobs: jobs.deskOf(caller),
            ask: (question) => askPerson(question, { server, extra, signal }),
          },
          service,
        ),
    });
    await notifier.settle();
    return result;
  });
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
  { local, calls, queue, caller, log }: ToolService,
): Promise<ToolResult> {
  try {
    if (call.tool.lane === 'jobs') return await local.run(call, running);
    if (call.tool.lane === 'trainings') return await calls.run(call, running);
    return await queue.run(caller.principal, running.signal, (withoutPlace) =>
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
  throw new RequestError(ErrorCode.InvalidParams, `Unknown tool. Tools: ${names}`);
}

/** Clients that want progress send a progress token. */
function senderOf(extra: Extra, progressToken: string | number | undefined) {
  return (progress: { progress: number; total: number; message: string }): void => {
    if (progressToken === undefined) return;
    const params = { progressToken, ...progress };
    extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
