/** One report from long work: `done` of `total` units of the named phase, with a sentence a person can read. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly message: string;
}

export type ProgressListener = (progress: Progress) => void;

/**
 * Adds the time left in the phase to each message: "Training on 16,000 rows: tree 45 of 100, 3 s left". A message that
 * already has the time left stays as it is.
 */
export function withTimeLeft(
  listener: ProgressListener,
  now: () => number = () => performance.now(),
): ProgressListener {
  let phase: string | undefined;
  let started = 0;
  let doneBefore = 0;
  return (progress) => {
    if (progress.phase !== phase) {
      phase = progress.phase;
      started = now();
      // Some reports continue the count of the phase before.
      doneBefore = progress.done;
    }
    const { done, total, message } = progress;
    const left = message.endsWith(LEFT)
      ? ''
      : timeLeft(done - doneBefore, total - doneBefore, now() - started);
    listener({ ...progress, message: message + left });
  };
}

const LEFT = ' left';

/** ", 12 s left", once enough is done for an estimate. */
export function timeLeft(done: number, total: number, elapsedMs: number): string {
  if (done <= 0 || done >= total || elapsedMs < 1000) return '';
  const seconds = Math.ceil((elapsedMs * (total - done)) / done / 1000);
  return seconds >= 120 ? `, ${Math.ceil(seconds / 60)} min${LEFT}` : `, ${seconds} s${LEFT}`;
}
