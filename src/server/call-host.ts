import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** Where calls run: a thread as Node has it, or a process. */
export interface CallHost {
  postMessage(message: ToWorker): void;
  on(event: 'message', listener: (message: FromWorker) => void): unknown;
  on(event: 'error', listener: (cause: Error) => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
  /** Ends it at once. */
  terminate(): Promise<unknown>;
}

/** A process as a place for calls. It was started with a channel for messages. */
export function hostOf(child: ChildProcess): CallHost {
  return {
    // If the channel is closed already, the process ends, and its calls fail then.
    postMessage: (message) => child.send(message, () => undefined),
    on: child.on.bind(child),
    // A process that could not be started closes too, but does not exit.
    once: (_exit, listener) => child.once('close', listener),
    async terminate() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
