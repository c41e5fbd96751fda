import type { BoosterTrainer } from '../gbdt/booster.ts';
import type { ProgressListener } from '../progress.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { ModelRegistry } from '../registry/model-registry.ts';

/** What a training needs from outside besides its data. The clock is injected: results never depend on it. */
export interface TrainingEnvironment {
  readonly registry: ModelRegistry;
  readonly trainer: BoosterTrainer;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Called with the new version before it becomes the champion, if it does. */
  readonly beforePromotion?: ((version: string) => Promise<void>) | undefined;
  /** What the card tells of the request. */
  readonly request?: ModelCard['request'];
}
