/**
 * Runs calls in a thread or process of their own. Scoring, explanations, pictures and the text of long lists can take seconds of
 * processor time; meanwhile the main thread accepts connections, reports progress and cancels calls.
 */
import { ChurnMcpError } from '../errors.ts';
import { traceparent } from '../tracing.ts';
import type { CallHost } from './call-host.ts';
import type { CallRunner, RunningCall } from './call-runner.ts';
import { type ToolCall, toErrorResult } from './dispatch.ts';
import type { ServerLog } from './server-log.ts';
import type { ToolResult } from './tool-result.ts';
import type { FromWorker } from './worker-messages.ts';

interface Pending {
  readonly host: CallHost;
  readonly call: ToolCall;
  readonly running: RunningCall;
  end(result: ToolResult): void;
}

/** The host gets this long to stop its work before it is terminated. */
const CLOSING_MS = 400;

export interface CallWorkerOptions {
  /** The host ends after so long without a call, which gives its memory back. It stays by default. */
  readonly endsAfterIdleMs?: number;
}

export class CallWorker implements CallRunner, AsyncDisposable {
  readonly #start: () => CallHost;
  readonly #log: ServerLog;
  readonly #endsAfterIdleMs: number | undefined;
  readonly #pending = new Map<number, Pending>();
  #host: CallHost | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 0;

  /** `start` makes the host: at the first call, and again after it ended. */
  constructor(start: () => CallHost, log: ServerLog, { endsAfterIdleMs }: CallWorkerOptions = {}) {
    this.#start = start;
    this.#log = log;
    this.#endsAfterIdleMs = endsAfterIdleMs;
  }

  run(call: ToolCall, running: RunningCall): Promise<ToolResult> {
    const { signal, mayTrain } = running;
    const id = this.#nextId++;
    clearTimeout(this.#idle);
    return new Promise((resolve) => {
      let cancel: () => void = () => undefined;
      const end = (result: ToolResult) => {
        signal.removeEventListener('abort', cancel);
        this.#pending.delete(id);
        this.#endIfIdle();
        resolve(result);
      };
      try {
        this.#host ??= this.#startHost();
        const host = this.#host;
        cancel = () => host.postMessage({ kind: 'cancel', id });
        this.#pending.set(id, { host, call, running, end });
        host.postMessage({
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
        // No host can be started, or the arguments cannot be copied to it.
        return end(toErrorResult(call.tool, error, this.#log));
      }
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle);
    if (this.#host !== undefined) await this.#close(this.#host);
  }

  #startHost(): CallHost {
    const host = this.#start();
    host.on('message', (message) => this.#receive(message));
    host.on('error', (cause) =>
      this.#log.error('the thread that runs calls failed', { cause: cause.message }),
    );
    host.once('exit', () => this.#lose(host));
    return host;
  }

  #endIfIdle(): void {
    const host = this.#host;
    if (this.#endsAfterIdleMs === undefined || this.#pending.size > 0 || host === undefined) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      // The next call starts another.
      this.#host = undefined;
      void this.#close(host);
    }, this.#endsAfterIdleMs);
    this.#idle.unref();
  }

  async #close(host: CallHost): Promise<void> {
    const ended = new Promise<void>((resolve) => host.once('exit', resolve));
    const late = new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref());
    host.postMessage({ kind: 'close' });
    await Promise.race([ended, late]);
    await host.terminate();
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.kind === 'progress') pending.running.progress(message.progress);
    else if (message.kind === 'question') void this.#ask(message, pending);
    else pending.end(message.result);
  }

  async #ask({ id, question }: FromWorker & { kind: 'question' }, { host, running }: Pending): Promise<void> {
    const answer = await running.ask(question).catch(() => 'no' as const);
    // If the host was lost meanwhile, its call has failed, and no other one waits for the answer.
    if (this.#pending.has(id)) host.postMessage({ kind: 'answer', id, answer });
  }

  /** Fails the calls of a lost host; the next call starts another. */
  #lose(host: CallHost): void {
    if (this.#host === host) this.#host = undefined;
    const lost = [...this.#pending.values()].filter((pending) => pending.host === host);
    for (const { call, running, end } of lost) {
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
