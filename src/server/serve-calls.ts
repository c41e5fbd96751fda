/** Runs inside the thread or process for calls: it runs the calls that are sent to it, and closes when told to. */
import type { Tool } from '../mcp/tool.ts';
import type { Answer } from '../mcp/tool-context.ts';
import { withParent } from '../tracing.ts';
import { dispatch } from './dispatch.ts';
import { NO_JOBS } from './no-jobs.ts';
import type { ServerLog } from './server-log.ts';
import type { Services } from './services.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The end of the channel on this side. */
export interface CallPort {
  postMessage(message: FromWorker): void;
  on(event: 'message', listener: (message: ToWorker) => void): unknown;
  close(): void;
}

export function serveCalls(port: CallPort, services: Services, tools: readonly Tool[], log: ServerLog): void {
  const running = new Map<number, AbortController>();
  /** A call asks one thing at a time. */
  const asked = new Map<number, (answer: Answer) => void>();
  const send = (message: FromWorker) => port.postMessage(message);

  async function run({
    id,
    tool: name,
    args,
    scopes,
    mayTrain,
    requestId,
    traceparent,
  }: ToWorker & {
    kind: 'call';
  }) {
    const tool = tools.find((each) => each.name === name);
    if (tool === undefined) throw new Error(`the main thread asked for an unknown tool: ${name}`);
    const controller = new AbortController();
    running.set(id, controller);
    const context = services.context({
      signal: controller.signal,
      progress: (progress) => send({ kind: 'progress', id, progress }),
      mayTrain,
      jobs: NO_JOBS,
      ask: (question) =>
        new Promise((resolve) => {
          asked.set(id, resolve);
          send({ kind: 'question', id, question });
        }),
    });
    const call = { tool, args, scopes, requestId };
    const result = await withParent(traceparent, () => dispatch(call, context, log));
    running.delete(id);
    asked.delete(id);
    send({ kind: 'result', id, result });
  }

  async function close() {
    for (const controller of running.values()) controller.abort();
    await services[Symbol.asyncDispose]();
    port.close();
  }

  port.on('message', (message: ToWorker) => {
    if (message.kind === 'call') void run(message);
    else if (message.kind === 'answer') asked.get(message.id)?.(message.answer);
    else if (message.kind === 'cancel') running.get(message.id)?.abort();
    else void close();
  });
}
