import { ChurnMcpError } from '../errors.ts';
import type { RegisteredModel } from './model-card.ts';
import { CHAMPION, type ModelRegistry, type RegisteredVersion } from './model-registry.ts';

export type ChampionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'usable'; readonly champion: RegisteredVersion }
  /** The alias is there, but what it names is damaged or gone; or the aliases themselves are damaged. */
  | { readonly kind: 'unusable'; readonly error: ChurnMcpError };

const DAMAGE: readonly string[] = ['MODEL_CORRUPT', 'UNKNOWN_VERSION', 'UNKNOWN_MODEL'];

/**
 * The champion with its trees, as far as it can be used: damage must not keep a training from replacing it.
 *
 * @throws STORAGE, and whatever is not damage
 */
export async function loadChampion(registry: ModelRegistry, model: RegisteredModel): Promise<ChampionState> {
  try {
    const version = await registry.resolveAlias(model, CHAMPION);
    if (version === undefined) return { kind: 'none' };
    return { kind: 'usable', champion: await registry.load(model, version) };
  } catch (error) {
    if (error instanceof ChurnMcpError && DAMAGE.includes(error.code)) return { kind: 'unusable', error };
    throw error;
  }
}
