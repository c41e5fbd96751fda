import type { TrainingEnvironment } from './training-environment.ts';

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
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const training = train({
    ...env,
    onProgress: (progress) => {
      env.onProgress?.(progress);
      begin();
    },
  });
  await Promise.race([begun, training]);
  // If `work` fails, that is what the caller learns of.
  training.catch(() => undefined);
  const done = work();
  return [await training, done];
}
