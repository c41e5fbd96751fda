/**
 * Progress of long work on stderr: on a terminal a bar with what is being done and the time left, elsewhere one plain
 * line a phase.
 */
import { createLogUpdate } from 'log-update';
import type { Progress, ProgressListener } from '../progress.ts';

export interface ProgressDisplay {
  readonly listener: ProgressListener;
  /** Takes the bar away. */
  stop(): void;
}

const BAR_WIDTH = 30;
const REDRAW_MS = 100;

export function createProgressDisplay(
  isQuiet: boolean,
  output: NodeJS.WriteStream = process.stderr,
): ProgressDisplay {
  if (isQuiet) return { listener: () => undefined, stop: () => undefined };
  // Some pseudo-terminals have no size, and a bar would never be seen there.
  return output.isTTY && output.columns > 0 ? barDisplay(output) : lineDisplay(output);
}

function lineDisplay(output: NodeJS.WriteStream): ProgressDisplay {
  let phase: string | undefined;
  return {
    listener(progress) {
      if (progress.phase === phase) return;
      phase = progress.phase;
      output.write(`${withoutCount(progress.message)}\n`);
    },
    stop: () => undefined,
  };
}

/** "Training on 16,000 rows: tree 1 of 100" without its count, which a line that stays would freeze. */
function withoutCount(message: string): string {
  return message.replace(/: \S+ [\d,]+ of .*$/, '');
}

/** Only draws: unlike a prompt it does not read the keyboard, so Ctrl-C stays the signal that ends the work cleanly. */
function barDisplay(output: NodeJS.WriteStream): ProgressDisplay {
  const draw = createLogUpdate(output);
  let phase: string | undefined;
  let started = 0;
  let doneBefore = 0;
  let drawn = 0;
  return {
    listener(progress) {
      const now = performance.now();
      const isNewPhase = progress.phase !== phase;
      if (isNewPhase) {
        started = now;
        doneBefore = progress.done;
      }
      if (!isNewPhase && now - drawn < REDRAW_MS) return;
      phase = progress.phase;
      drawn = now;
      draw(barText(inPhase(progress, doneBefore), now - started));
    },
    stop() {
      draw.clear();
      draw.done();
    },
  };
}

/** A phase's own count: some reports go on counting where the phase before ended. */
export function inPhase(progress: Progress, doneBefore: number): Progress {
  const { done, total } = progress;
  return { ...progress, done: done - doneBefore, total: total - doneBefore };
}

/** `█████████████░░░░░░░░░░░░░░░░░  45%  Training on 16,000 rows: tree 45 of 100, 3 s left`. */
export function barText(progress: Progress, elapsedMs: number): string {
  const { done, total, message } = progress;
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `${bar} ${`${Math.floor(share * 100)}%`.padStart(4)}  ${message}${timeLeft(progress, elapsedMs)}`;
}

/** ", 12 s left", once there is enough to tell by. */
export function timeLeft({ done, total }: Progress, elapsedMs: number): string {
  if (done <= 0 || done >= total || elapsedMs < 1000) return '';
  const seconds = Math.ceil((elapsedMs * (total - done)) / done / 1000);
  return seconds >= 120 ? `, ${Math.ceil(seconds / 60)} min left` : `, ${seconds} s left`;
}
