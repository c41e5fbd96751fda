import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sharedColumnOf } from '../../src/dataset/column-rows.ts';
import { compileKernel } from '../../src/gbdt/kernel-module.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { computeListGradients } from '../../src/gbdt/ranking-loss.ts';
import { growTrees } from '../helpers/learner.ts';

interface ScoredList {
  readonly rawScores: Float32Array;
  readonly labels: Float32Array;
}

const lists = fc
  .array(fc.record({ score: fc.integer({ min: -40, max: 40 }), label: fc.constantFrom(0, 1) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((rows) => ({
    rawScores: Float32Array.from(rows, ({ score }) => score / 8),
    labels: Float32Array.from(rows, ({ label }) => label),
  }));

function gradientsOf({ rawScores, labels }: ScoredList) {
  const empty = () => new Float32Array(labels.length);
  const arrays = { rawScores, labels, weights: new Float32Array(0), gradients: empty(), hessians: empty() };
  const maxima = computeListGradients(arrays, { from: 0, to: labels.length });
  return { ...arrays, maxima };
}

/** The same by the definition: NDCG@10 of the list with two rows exchanged, pair by pair. */
function naiveGradients({ rawScores, labels }: ScoredList) {
  const rows = [...labels.keys()];
  const order = rows.toSorted((one, other) => rawScores[other] - rawScores[one] || one - other);
  const placeOf = (row: number) => order.indexOf(row);
  const worth = (place: number) => 1 / Math.log2(2 + place);
  const wanted = rows.filter((row) => labels[row] === 1);
  const best = wanted.slice(0, 10).reduce((sum, _, place) => sum + worth(place), 0);
  const spread = Math.max(...rawScores) - Math.min(...rawScores);
  const gradients = rows.map(() => 0);
  const hessians = rows.map(() => 0);
  let total = 0;
  for (const better of wanted) {
    for (const worse of rows.filter((row) => labels[row] === 0)) {
      if (Math.min(placeOf(better), placeOf(worse)) >= 10) continue;
      const distance = rawScores[better] - rawScores[worse];
      let change = Math.abs(worth(placeOf(better)) - worth(placeOf(worse))) / best;
      if (spread > 0) change /= 0.01 + Math.abs(distance);
      const wrong = 1 / (1 + Math.exp(distance));
      gradients[better] -= wrong * change;
      gradients[worse] += wrong * change;
      hessians[better] += wrong * (1 - wrong) * change;
      hessians[worse] += wrong * (1 - wrong) * change;
      total += 2 * wrong * change;
    }
  }
  const factor = total > 0 ? Math.log2(1 + total) / total : 0;
  return { gradients: gradients.map((x) => x * factor), hessians: hessians.map((x) => x * factor) };
}

describe('gradients of a list', () => {
  it('are those of exchanging its rows pair by pair', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const ours = gradientsOf(list);
        const naive = naiveGradients(list);
        for (const [row, gradient] of naive.gradients.entries()) {
          expect(ours.gradients[row]).toBeCloseTo(gradient, 5);
          expect(ours.hessians[row]).toBeCloseTo(naive.hessians[row], 5);
        }
        expect(ours.maxima.gradient).toBe(Math.max(...ours.gradients.map(Math.abs)));
        expect(ours.maxima.hessian).toBe(Math.max(...ours.hessians));
      }),
    );
  });

  it('are 0 if every row is wanted, or none', () => {
    for (const label of [0, 1]) {
      const { gradients, hessians } = gradientsOf({
        rawScores: Float32Array.of(1, 2, 3),
        labels: new Float32Array(3).fill(label),
      });
      expect([...gradients, ...hessians]).toEqual([0, 0, 0, 0, 0, 0]);
    }
  });

  it('take 0 and negative 0 as one score', () => {
    const labels = Float32Array.of(0, 1, 0, 1);
    const zeros = gradientsOf({ rawScores: Float32Array.of(0, 0, 0, -1), labels });
    const signed = gradientsOf({ rawScores: Float32Array.of(-0, 0, -0, -1), labels });
    expect(signed).toMatchObject({ gradients: zeros.gradients, hessians: zeros.hessians });
  });

  it('leave the rows of other lists alone', () => {
    const arrays = {
      rawScores: Float32Array.of(5, 0, 0, 5),
      labels: Float32Array.of(1, 0, 1, 0),
      weights: new Float32Array(0),
      gradients: new Float32Array(4).fill(9),
      hessians: new Float32Array(4).fill(9),
    };
    computeListGradients(arrays, { from: 1, to: 3 });
    expect([arrays.gradients[0], arrays.gradients[3]]).toEqual([9, 9]);
    expect(arrays.gradients[1]).toBeGreaterThan(0);
    expect(arrays.gradients[2]).toBeLessThan(0);
  });
});

describe('the compiled gradients of lists', () => {
  it('grow the same trees as the plain ones, to the bit', async () => {
    const kernel = await compileKernel();
    const list = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 0, 1)), {
      minLength: 1,
      maxLength: 90,
    });
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 12 }), (some) => {
        let next = 0;
        const listStarts = Uint32Array.from(some, ({ length }) => {
          next += length;
          return next - length;
        });
        const rows = some.flat();
        const dataset = {
          featureNames: ['level', 'place'],
          rowCount: rows.length,
          columns: [
            sharedColumnOf(rows.map(([level]) => level)),
            sharedColumnOf(rows.map((_, row) => row % 7)),
          ],
          labels: sharedColumnOf(rows.map(([, label]) => label)),
        };
        const options = { n_estimators: 4, max_depth: 3, min_child_weight: 0, learning_rate: 0.7 };
        const [plain, compiled] = [
          growTrees(dataset, options, { kernel: 'plain', listStarts }),
          growTrees(dataset, options, { kernel, listStarts }),
        ];
        expect(compiled).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });
});

const fixtureSchema = z.object({
  sizes: z.array(z.number()),
  columns: z.array(z.array(z.number())),
  labels: z.array(z.number()),
  cases: z.array(z.object({ params: z.record(z.string(), z.number()), scores: z.array(z.number()) })),
});

/** Made once by `make_lambdarank_fixture.py`. */
const fixture = fixtureSchema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/lambdarank.json', import.meta.url), 'utf8')),
);

describe('LightGBM’s lambdarank on the same lists with the same parameters', () => {
  const dataset = {
    featureNames: fixture.columns.map((_, feature) => `f${feature}`),
    rowCount: fixture.labels.length,
    columns: fixture.columns.map(sharedColumnOf),
    labels: sharedColumnOf(fixture.labels),
  };
  let next = 0;
  const listStarts = Uint32Array.from(fixture.sizes, (size) => {
    next += size;
    return next - size;
  });

  it.each(fixture.cases)('gives the same scores: $params', async ({ params, scores }) => {
    const options = { ...params };
    const plain = growTrees(dataset, options, { kernel: 'plain', listStarts });
    const ours = predictRawScores(plain, dataset);
    const differences = scores.map((score, row) => Math.abs(score - ours[row])).sort((a, b) => a - b);
    expect(differences[Math.floor(differences.length * 0.9)]).toBeLessThan(0.002);
    expect(differences.reduce((sum, each) => sum + each, 0) / differences.length).toBeLessThan(0.005);
    const compiled = growTrees(dataset, options, { kernel: await compileKernel(), listStarts });
    expect(predictRawScores(compiled, dataset)).toEqual(ours);
  });
});
