import { describe, expect, it } from 'vitest';
import type { ModelRegistry } from '../../src/registry/model-registry.ts';
import { type Comparison, promoteIfBetter } from '../../src/training/promotion.ts';
import { createFakeRegistry } from '../helpers/fake-registry.ts';
import { modelDraft } from '../helpers/model-draft.ts';

const compared = (
  challenger: number,
  champion: number,
  ifEqual: 'promote' | 'keep' = 'promote',
): Comparison => ({
  kind: 'compared',
  figure: 'ROC-AUC',
  challenger,
  champion,
  ifEqual,
});

/** A second version, compared with the first as `comparison` says. */
async function secondVersion(comparison: Comparison) {
  const registry: ModelRegistry = createFakeRegistry();
  const first = await registry.register(modelDraft());
  await promoteIfBetter(first, () => Promise.reject(new Error('there is nothing to compare')), { registry });
  const second = await registry.register(modelDraft('customer_churn_predictor', 2));
  const outcome = await promoteIfBetter(second, async () => comparison, { registry });
  const champion = await registry.resolveAlias('customer_churn_predictor', 'champion');
  return { outcome, isChampion: champion === second.version };
}

describe('a new version', () => {
  it('becomes the champion if it is the first', async () => {
    const registry = createFakeRegistry();
    const card = await registry.register(modelDraft());
    const outcome = await promoteIfBetter(card, () => Promise.reject(new Error('there is no champion')), {
      registry,
    });
    expect(outcome).toEqual({
      promoted: true,
      promotion: 'It is the first version, so it is the champion.',
    });
    expect(await registry.resolveAlias(card.model, 'champion')).toBe(card.version);
  });

  it.each([
    [compared(0.8, 0.7), true],
    [compared(0.7, 0.8), false],
    [compared(0.7, 0.7, 'promote'), true],
    [compared(0.7, 0.7, 'keep'), false],
    [{ kind: 'incomparable', because: 'was trained for another label' } as const, true],
  ])('replaces the champion if it did better or cannot be compared: %o', async (comparison, promoted) => {
    const { outcome, isChampion } = await secondVersion(comparison);
    expect([outcome.promoted, isChampion]).toEqual([promoted, promoted]);
  });

  it('says by which figure it won or lost, or why it could not be compared', async () => {
    const texts = [];
    for (const comparison of [
      { ...compared(0.8, 0.7), note: 'by chance' },
      compared(0.7, 0.8),
      { kind: 'incomparable', because: 'was trained for another label' } as const,
    ])
      texts.push((await secondVersion(comparison)).outcome.promotion.replace(/v_\d+_\d+/, 'VERSION'));
    expect(texts).toMatchInlineSnapshot(`
      [
        "It reaches ROC-AUC 0.8000 against 0.7000 of the champion VERSION on the same hold-out (by chance), so it is the new champion.",
        "It reaches ROC-AUC 0.7000 against 0.8000 of the champion VERSION on the same hold-out, so the champion stays.",
        "The champion VERSION was trained for another label, so the new version replaces it; promote_model brings it back.",
      ]
    `);
  });
});
