/**
 * The trainings of one process that want the same home folder, first come, first served. Only the first in line looks at
 * the lock that other processes may hold, however many wait behind it.
 */
import { ChurnMcpError } from '../errors.ts';

/** Trainings in line, the running one included. */
const MOST_IN_LINE = 20;

export interface PlaceInLine extends Disposable {
  /** Whether this one is first. It stays so until it leaves. */
  isFirst(): boolean;
  /** Resolves when this one is first, after `ms`, or when the signal aborts. */
  wait(ms: number, signal?: AbortSignal | undefined): Promise<void>;
}

const lines = new Map<string, (() => void)[]>();

/** @throws TRAINING_BUSY if too many wait already */
export function joinLine(home: string): PlaceInLine {
  const line = lines.get(home) ?? [];
  if (line.length >= MOST_IN_LINE) {
    throw new ChurnMcpError('TRAINING_BUSY', `${MOST_IN_LINE} trainings already wait in this home folder.`, {
      hint: 'Call again once some of them are done; get_job lists them.',
    });
  }
  let wake = () => {};
  const place = () => wake();
  line.push(place);
  lines.set(home, line);
  return {
    isFirst: () => line[0] === place,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener('abort', done, { once: true });
        wake = done;
        if (line[0] === place || signal?.aborted) done();
      }),
    [Symbol.dispose]() {
      line.splice(line.indexOf(place), 1);
      if (line.length === 0) lines.delete(home);
      line[0]?.();
    },
  };
}
