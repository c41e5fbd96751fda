import type { CallRunner, RunningCall } from './call-runner.ts';
import type { CallWorker } from './call-worker.ts';
import type { ToolCall } from './dispatch.ts';
import type { ToolResult } from './tool-result.ts';

/** Runs trainings and imports apart from questions, so that a question does not wait for the code of a training. */
export class RoutedCalls implements CallRunner, AsyncDisposable {
  readonly #questions: CallWorker;
  readonly #trainings: CallWorker;

  constructor({ questions, trainings }: { readonly questions: CallWorker; readonly trainings: CallWorker }) {
    this.#questions = questions;
    this.#trainings = trainings;
  }

  run(call: ToolCall, running: RunningCall): Promise<ToolResult> {
    const runner = call.tool.lane === 'trainings' ? this.#trainings : this.#questions;
    return runner.run(call, running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#questions[Symbol.asyncDispose](), this.#trainings[Symbol.asyncDispose]()]);
  }
}
