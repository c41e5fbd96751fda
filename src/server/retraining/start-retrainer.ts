import type { RetrainWhen } from './retrain-when.ts';
import type { Retrainer, RetrainerOptions } from './retrainer.ts';

/** Imports what retrains only if a server was asked to. */
export async function startRetrainer(
  options: Omit<RetrainerOptions, 'when'> & { readonly retrainWhen?: RetrainWhen | undefined },
): Promise<Retrainer | undefined> {
  const { retrainWhen: when } = options;
  if (when === undefined) return undefined;
  const { Retrainer } = await import('./retrainer.ts');
  return new Retrainer({ ...options, when }).start();
}
