/** Lists the tools, and runs their calls on the job board. */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { isGranted, type Tool } from '../mcp/tool.ts';
import { type ProgressListener, withTimeLeft } from '../progress.ts';
import { dispatch } from './dispatch.ts';
import type { Extra } from './guarded-server.ts';
import type { Caller, JobBoard } from './job-board.ts';
import { ProgressNotifier } from './progress-notifier.ts';
import { RequestError } from './request-error.ts';
import type { ServerLog } from './server-log.ts';
import type { Services } from './services.ts';
import { describeTool } from './tool-schemas.ts';

export interface ToolService {
  readonly services: Pick<Services, 'context'>;
  readonly tools: readonly Tool[];
  readonly log: ServerLog;
  readonly jobs: JobBoard;
  readonly caller: Caller;
}

export function serveTools(server: Server, { services, tools, log, jobs, caller }: ToolService): void {
  const described = tools.map(describeTool);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: described }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = toolNamed(params.name, tools);
    // Undefined if callers are not told apart: whoever starts a process may do everything with it.
    const scopes = extra.authInfo?.scopes;
    const mayTrain = scopes === undefined || isGranted(scopes, 'churn:train');
    const notifier = new ProgressNotifier(senderOf(extra, params._meta?.progressToken));
    const onProgress: ProgressListener = withTimeLeft((progress) => notifier.report(progress));
    const result = await jobs.run({
      tool: tool.name,
      caller,
      canWait: !tool.mayBecomeJob,
      signal: extra.signal,
      onProgress,
      work: (call) => {
        const context = services.context({ ...call, mayTrain, jobs: jobs.deskOf(caller) });
        return dispatch({ tool, args: params.arguments, scopes }, context, log);
      },
    });
    await notifier.settle();
    return result;
  });
}

function toolNamed(name: string, tools: readonly Tool[]): Tool {
  const tool = tools.find((each) => each.name === name);
  if (tool) return tool;
  const names = tools.map((each) => each.name).join(', ');
  throw new RequestError(ErrorCode.InvalidParams, `Unknown tool. Tools: ${names}`);
}

/** Clients that want to hear of progress send a token. */
function senderOf(extra: Extra, progressToken: string | number | undefined) {
  return (progress: { progress: number; total: number; message: string }): void => {
    if (progressToken === undefined) return;
    const params = { progressToken, ...progress };
    extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
