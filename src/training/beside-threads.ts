import type { TrainingEnvironment } from './training-environment.ts';

/** A listener that passes reports on, and when it has heard the first: from then on threads have all that they need to train. */
export function hearFirst<Report>(listener: ((report: Report) => void) | undefined): {
  readonly listen: (report: Report) => void;
  readonly heard: Promise<void>;
} {
  let hear = () => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const listen = (report: Report) => {
    listener?.(report);
    hear();
  };
  return { listen, heard };
}

/**
 * Runs `work` on this thread while others train: from their first report on, since by then they have all that they need.
 * Begun at once, it would keep them waiting, because this thread hands them their rows.
 *
 * @param train reports to the environment that it is given
 */
export async function besideThreads<Trained, Done, Env extends Pick<TrainingEnvironment, 'onProgress'>>(
  train: (env: Env) => Promise<Trained>,
  work: () => Done,
  env: Env,
): Promise<[Trained, Done]> {
  const { listen, heard } = hearFirst(env.onProgress);
  const training = train({ ...env, onProgress: listen });
  await Promise.race([heard, training]);
  // If `work` fails, that is what the caller learns of.
  training.catch(() => undefined);
  const done = work();
  return [await training, done];
}
