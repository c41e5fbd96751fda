/**
 * Progress of long work on stderr: on a terminal a bar with what is being done and the time left, elsewhere one plain
 * line a phase.
 */
import { type ProgressResult, progress as startBar } from '@clack/prompts';
import type { Progress, ProgressListener } from '../progress.ts';

export interface ProgressDisplay {
  readonly listener: ProgressListener;
  /** Takes the bar away. */
  stop(): void;
}

/** Steps of the bar. */
const STEPS = 100;

export function createProgressDisplay(
  isQuiet: boolean,
  output: NodeJS.WriteStream = process.stderr,
): ProgressDisplay {
  if (isQuiet) return { listener: () => undefined, stop: () => undefined };
  return output.isTTY ? barDisplay(output) : lineDisplay(output);
}

function lineDisplay(output: NodeJS.WriteStream): ProgressDisplay {
  let phase: string | undefined;
  return {
    listener(progress) {
      if (progress.phase === phase) return;
      phase = progress.phase;
      output.write(`${progress.message}\n`);
    },
    stop: () => undefined,
  };
}

function barDisplay(output: NodeJS.WriteStream): ProgressDisplay {
  let bar: ProgressResult | undefined;
  let phase: string | undefined;
  let started = 0;
  let shown = 0;
  const finish = () => {
    bar?.clear();
    bar = undefined;
  };
  return {
    listener(progress) {
      if (progress.phase !== phase) {
        finish();
        phase = progress.phase;
        started = performance.now();
        shown = 0;
        bar = startBar({ max: STEPS, size: 30, output });
        bar.start(progress.message);
      }
      const step = progress.total > 0 ? Math.floor((progress.done / progress.total) * STEPS) : 0;
      const message = `${progress.message}${timeLeft(progress, performance.now() - started)}`;
      if (step > shown) bar?.advance(step - shown, message);
      else bar?.message(message);
      shown = Math.max(shown, step);
    },
    stop: finish,
  };
}

/** ", 12 s left", once there is enough to tell by. */
export function timeLeft({ done, total }: Progress, elapsedMs: number): string {
  if (done <= 0 || done >= total || elapsedMs < 1000) return '';
  const seconds = Math.ceil((elapsedMs * (total - done)) / done / 1000);
  return seconds >= 120 ? `, ${Math.ceil(seconds / 60)} min left` : `, ${seconds} s left`;
}
