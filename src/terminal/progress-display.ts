/**
 * Shows the progress of long work on stderr: on a terminal a bar with the phase and the time left, elsewhere one plain
 * line per phase.
 */
import type { createLogUpdate } from 'log-update';
import { type Progress, type ProgressListener, withTimeLeft } from '../progress.ts';

export interface ProgressDisplay {
  readonly listener: ProgressListener;
  /** Removes the bar. */
  stop(): void;
}

const BAR_WIDTH = 30;
/** Characters that the message keeps on a narrow terminal before the bar does. */
const LEAST_MESSAGE = 40;
const REDRAW_MS = 100;

/** What draws the bar is loaded for a terminal only: it takes a tenth of a second, as long as many commands. */
export async function createProgressDisplay(
  isQuiet: boolean,
  output: NodeJS.WriteStream = process.stderr,
): Promise<ProgressDisplay> {
  if (isQuiet) return { listener: () => undefined, stop: () => undefined };
  // Some pseudo-terminals have no size, and could not show a bar.
  if (!output.isTTY || output.columns <= 0) return lineDisplay(output);
  const { createLogUpdate } = await import('log-update');
  return barDisplay(output, createLogUpdate(output));
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

/** "Training on 16,000 rows: tree 1 of 100" without its count, because a plain line does not change. */
function withoutCount(message: string): string {
  return message.replace(/: \S+ [\d,]+ of .*$/, '');
}

/** Only draws and does not read the keyboard, so Ctrl-C stays the signal that ends the work cleanly. */
function barDisplay(output: NodeJS.WriteStream, draw: ReturnType<typeof createLogUpdate>): ProgressDisplay {
  let phase: string | undefined;
  let doneBefore = 0;
  let drawn = 0;
  return {
    listener: withTimeLeft((progress) => {
      const now = performance.now();
      const isNewPhase = progress.phase !== phase;
      if (isNewPhase) doneBefore = progress.done;
      if (!isNewPhase && now - drawn < REDRAW_MS) return;
      phase = progress.phase;
      drawn = now;
      draw(barText(inPhase(progress, doneBefore), output.columns));
    }),
    stop() {
      draw.clear();
      draw.done();
    },
  };
}

/** The count within a phase: some reports continue the count of the phase before. */
export function inPhase(progress: Progress, doneBefore: number): Progress {
  const { done, total } = progress;
  return { ...progress, done: done - doneBefore, total: total - doneBefore };
}

/** `█████████████░░░░░░░░░░░░░░░░░  45%  Training on 16,000 rows: tree 45 of 100, 3 s left`: one line that is narrower than the terminal. */
export function barText({ done, total, message }: Progress, columns: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  // A line as wide as the terminal wraps in some of them.
  const room = columns - 1 - percent.length;
  const width = Math.min(BAR_WIDTH, Math.max(0, room - LEAST_MESSAGE));
  const filled = Math.round(share * width);
  const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
  return [...`${bar} ${percent}  ${message}`.trimStart()].slice(0, columns - 1).join('');
}
