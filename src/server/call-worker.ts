/**
 * Runs calls in their own thread. Scoring, explanations, pictures and the text of long lists can take seconds of
 * processor time; meanwhile the main thread accepts connections, reports progress and cancels calls.
 */
import type { Worker } from 'node:worker_threads';
import { ChurnMcpError } from '../errors.ts';
import { traceparent } from '../tracing.ts';
import type { CallRunner, RunningCall } from './call-runner.ts';
import { type ToolCall, toErrorResult } from './dispatch.ts';
import type { ServerLog } from './server-log.ts';
import type { ToolResult } from './tool-result.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

interface Pending {
  readonly call: ToolCall;
  readonly running: RunningCall;
  end(result: ToolResult): void;
}

/** The thread gets this long to stop its work before it is terminated. */
const CLOSING_MS = 400;

export class CallWorker implements CallRunner, AsyncDisposable {
  readonly #start: () => Worker;
  readonly #log: ServerLog;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #nextId = 0;

  /** `start` makes the thread: at the first call, and again after it was lost. */
  constructor(start: () => Worker, log: ServerLog) {
    this.#start = start;
    this.#log = log;
  }

  run(call: ToolCall, running: RunningCall): Promise<ToolResult> {
    const { signal, mayTrain } = running;
    const id = this.#nextId++;
    const cancel = () => this.#send({ kind: 'cancel', id });
    return new Promise((resolve) => {
      const end = (result: ToolResult) => {
        signal.removeEventListener('abort', cancel);
        this.#pending.delete(id);
        resolve(result);
      };
      this.#pending.set(id, { call, running, end });
      try {
        this.#send({
          kind: 'call',
          id,
          tool: call.tool.name,
          args: call.args,
          scopes: call.scopes,
          mayTrain,
          requestId: call.requestId,
          traceparent: traceparent(),
        });
      } catch (error) {
        // No thread can be started, or the arguments cannot be copied to it.
        return end(toErrorResult(call.tool, error, this.#log));
      }
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#send({ kind: 'close' });
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    const late = new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref());
    await Promise.race([ended, late]);
    await worker.terminate();
  }

  #send(message: ToWorker): void {
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage(message);
  }

  #startWorker(): Worker {
    const worker = this.#start();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (cause) =>
      this.#log.error('the thread that runs calls failed', { cause: cause.message }),
    );
    worker.once('exit', () => this.#lose(worker));
    return worker;
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.kind === 'progress') pending.running.progress(message.progress);
    else if (message.kind === 'question') void this.#ask(message, pending);
    else pending.end(message.result);
  }

  async #ask({ id, question }: FromWorker & { kind: 'question' }, { running }: Pending): Promise<void> {
    const answer = await running.ask(question).catch(() => 'no' as const);
    // If the thread was lost meanwhile, its call has failed, and no other thread waits for the answer.
    if (this.#pending.has(id)) this.#send({ kind: 'answer', id, answer });
  }

  /** Fails the calls of a lost thread; the next call starts another. */
  #lose(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const { call, running, end } of [...this.#pending.values()]) {
      const error = running.signal.aborted
        ? new ChurnMcpError('CANCELLED', 'The work was cancelled. Nothing was changed.')
        : new ChurnMcpError(
            'WORKER_LOST',
            'The thread that ran the call ended; it may have run out of memory.',
            {
              hint: 'Call again. If it fails again, ask for fewer rows.',
            },
          );
      end(toErrorResult(call.tool, error, this.#log));
    }
  }
}
