import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import { seededRandom } from '../../../src/dataset/seeded-random.ts';
import { RECOMMENDATION_FEATURES } from '../../../src/features/recommendation-features.ts';
import { rankScoresOf, rawScoresOf } from '../../../src/gbdt/raw-scores.ts';
import { championEnsemble } from '../../../src/training/purchase/champion.ts';
import { createFakeRegistry } from '../../helpers/fake-registry.ts';
import { modelDraft } from '../../helpers/model-draft.ts';
import { treeOf } from '../../helpers/random-trees.ts';
import { purchaseDetails } from '../../helpers/sample-cards.ts';

const plan = { evaluationCutoff: '2026-01-31', horizonDays: 30 };
const ROWS = 40;
const KNOWN: readonly string[] = RECOMMENDATION_FEATURES;

/** A champion over these features, whose trees split on the last of them. */
async function registryWith(featureNames: readonly string[]) {
  const registry = createFakeRegistry();
  const draft = modelDraft('product_recommendation');
  const tree = (leaf: number) =>
    treeOf({
      feature: featureNames.length - 1,
      threshold: 0.5,
      defaultLeft: true,
      left: { leaf: -leaf },
      right: { leaf },
    });
  const ensemble = { featureNames, baseScore: 0.25, trees: [tree(1)], rankingTrees: [tree(3)] };
  const card = { ...draft.card, details: purchaseDetails, features: [...featureNames] };
  const { version } = await registry.register({ ...draft, card, ensemble });
  await registry.setAlias('product_recommendation', 'champion', version);
  return { registry, ensemble };
}

/** A feature has the same values whichever others stand beside it. */
function rowsOver(featureNames: readonly string[]) {
  const columns = featureNames.map((name) => {
    const random = seededRandom(KNOWN.indexOf(name));
    return sharedColumnOf(Float32Array.from({ length: ROWS }, () => random()));
  });
  return { featureNames, rowCount: ROWS, columns };
}

describe('a champion that is judged on the hold-out of the next model', () => {
  it('scores as it did, though it was trained over fewer features than there are now', async () => {
    const fewer = RECOMMENDATION_FEATURES.filter((name) => name !== 'category_orders');
    const { registry, ensemble } = await registryWith(fewer.slice(0, fewer.indexOf('product_buyers') + 1));
    const champion = await championEnsemble(registry, plan);
    if (champion === undefined) throw new Error('There is no champion.');
    const now = rowsOver(RECOMMENDATION_FEATURES);
    const then = rowsOver(ensemble.featureNames);
    const rawScores = rawScoresOf(ensemble, then);
    expect(new Set(rawScores).size).toBe(2);
    expect(rawScoresOf(champion, now)).toEqual(rawScores);
    expect(rankScoresOf(champion, rawScores, now)).toEqual(rankScoresOf(ensemble, rawScores, then));
  });

  it('is left out if it needs a feature that there no longer is', async () => {
    const { registry } = await registryWith([...RECOMMENDATION_FEATURES, 'phase_of_the_moon']);
    expect(await championEnsemble(registry, plan)).toBeUndefined();
  });
});
