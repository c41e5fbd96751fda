import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDay } from '../../src/data/compose-statement.ts';
import {
  RECOMMENDATION_FEATURES,
  RECOMMENDATION_STATEMENTS,
} from '../../src/features/recommendation-features.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { type CustomerOffers, rankOffers } from '../../src/recommend/customer-offers.ts';
import { readOfferReasons } from '../../src/recommend/offer-reasons.ts';
import { servedOffersOf } from '../../src/recommend/served-offers.ts';
import type { ServedRequest } from '../../src/recommend/served-request.ts';
import { createScorer } from '../../src/scoring/onnx-scorer.ts';
import type { Scorer } from '../../src/scoring/scorer.ts';
import { dataElsewhere } from '../helpers/data-elsewhere.ts';
import { boostedEnsemble } from '../helpers/random-trees.ts';
import { makeTastefulShop } from '../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';

const CUSTOMERS = 60;
let snapshot: TestSnapshot;
beforeAll(async () => {
  snapshot = await makeSnapshot(makeTastefulShop(CUSTOMERS, 12));
});
afterAll(() => snapshot[Symbol.asyncDispose]());

/** A model of its own, so that nothing of it is kept yet. */
async function openModel() {
  const trees = boostedEnsemble({ trees: 20, depth: 4, featureCount: RECOMMENDATION_FEATURES.length });
  const onnx = exportOnnx({ ...trees, featureNames: RECOMMENDATION_FEATURES }, { model: 'test' });
  return { data: snapshot.data, scorer: await createScorer(onnx) };
}
type Model = Awaited<ReturnType<typeof openModel>>;

/** What a question gets that is answered alone, from the tables. */
async function answerAlone(request: ServedRequest, model: Model): Promise<CustomerOffers[]> {
  const { lastOrderDate: asOf } = snapshot.summary;
  await using day = await openDay(model.data, asOf, RECOMMENDATION_STATEMENTS);
  const found = await rankOffers({ ...request, asOf }, day, model);
  if (!request.withReasons) return found;
  const offers = found.flatMap(({ customerId, recommendations }) =>
    recommendations.map(({ productId }) => ({ customerId, productId })),
  );
  const reasonOf = await readOfferReasons(model.data, offers, { asOf });
  return found.map(({ customerId, recommendations }) => ({
    customerId,
    recommendations: recommendations.map((offer) => ({
      ...offer,
      reason: reasonOf({ customerId, productId: offer.productId }),
    })),
  }));
}

const question = fc.record({
  customerIds: fc.uniqueArray(fc.integer({ min: 1, max: CUSTOMERS + 3 }), { maxLength: 12 }),
  nProducts: fc.integer({ min: 1, max: 12 }),
  withReasons: fc.boolean(),
});

describe('offers that are kept by customer', () => {
  it('are those of each question alone, whatever was asked before or at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(question, { minLength: 1, maxLength: 6 }), { maxLength: 3 }),
        async (rounds) => {
          const model = await openModel();
          for (const questions of rounds) {
            const answers = await Promise.all(questions.map((each) => servedOffersOf(model).of(each, model)));
            for (const [i, each] of questions.entries())
              expect(answers[i]).toEqual(await answerAlone(each, model));
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('are ranked anew by another model', async () => {
    const [one, other] = [await openModel(), await openModel()];
    expect(servedOffersOf(one)).not.toBe(servedOffersOf(other));
    expect(servedOffersOf(one)).toBe(servedOffersOf({ ...one }));
  });

  it('are given to those who wait if one of them is cancelled, and found later if reading failed', async () => {
    const model = await openModel();
    const ask = { customerIds: [1, 2, 3], nProducts: 4, withReasons: true };
    const controller = new AbortController();
    const cancelled = servedOffersOf(model).of(ask, { ...model, signal: controller.signal });
    const waiting = servedOffersOf(model).of(ask, model);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await waiting).toEqual(await answerAlone(ask, model));
    let isBroken = true;
    const rank: Scorer['rank'] = (features, signal) =>
      isBroken ? Promise.reject(new Error('broken')) : model.scorer.rank(features, signal);
    const broken = { ...model, scorer: { ...model.scorer, rank } };
    await expect(servedOffersOf(broken).of(ask, broken)).rejects.toThrow('broken');
    isBroken = false;
    expect(await servedOffersOf(broken).of(ask, broken)).toEqual(await waiting);
  });

  it('are found before somebody asks for them, and a question meanwhile does not wait for all of them', async () => {
    const model = await openModel();
    const ask = { customerIds: Array.from({ length: 40 }, (_, i) => i + 1), nProducts: 4, withReasons: true };
    const meanwhile = { ...ask, customerIds: [40, 2] };
    const ranked: number[] = [];
    let answer: Promise<CustomerOffers[]> | undefined;
    const rank: Scorer['rank'] = (features, signal) => {
      ranked.push(features.rowCount);
      answer ??= servedOffersOf(counting).of(meanwhile, counting);
      return model.scorer.rank(features, signal);
    };
    const counting = { ...model, scorer: { ...model.scorer, rank } };
    servedOffersOf(counting).expect(ask, counting);
    await vi.waitUntil(() => ranked.length === 4, { timeout: 30_000 });
    expect(ranked).toEqual([16, 1, 16, 7].map((customers) => customers * 12));
    expect(await answer).toEqual(await answerAlone(meanwhile, model));
    expect(await servedOffersOf(counting).of(ask, counting)).toEqual(await answerAlone(ask, model));
    expect(ranked).toHaveLength(4);
  });

  it('are not found before somebody asks as long as questions follow each other', async () => {
    const model = await openModel();
    let ranked = 0;
    const rank: Scorer['rank'] = (features, signal) => {
      ranked++;
      return model.scorer.rank(features, signal);
    };
    const counting = { ...model, scorer: { ...model.scorer, rank } };
    const ask = { customerIds: [1, 2], nProducts: 4, withReasons: false };
    await servedOffersOf(counting).of(ask, counting);
    servedOffersOf(counting).expect({ ...ask, customerIds: [3, 4] }, counting);
    for (let question = 0; question < 8; question++) {
      await setTimeout(50);
      await servedOffersOf(counting).of(ask, counting);
    }
    expect(ranked).toBe(1);
    await vi.waitUntil(() => ranked === 2, { timeout: 30_000 });
  });

  it('are not found before somebody asks if the data is elsewhere', async () => {
    const model = await openModel();
    const ask = { customerIds: [1, 2], nProducts: 4, withReasons: false };
    vi.useFakeTimers();
    try {
      servedOffersOf(model).expect(ask, model);
      expect(vi.getTimerCount()).toBe(1);
      const elsewhere = { ...model, data: dataElsewhere(model.data) };
      servedOffersOf(elsewhere).expect(ask, elsewhere);
      expect(vi.getTimerCount()).toBe(1);
    } finally {
      vi.useRealTimers();
    }
    expect(await servedOffersOf(model).of(ask, model)).toEqual(await answerAlone(ask, model));
  });

  it('are found by the question itself if nobody could find them before', async () => {
    const model = await openModel();
    let failed = 0;
    let isBroken = true;
    const rank: Scorer['rank'] = (features, signal) => {
      if (!isBroken) return model.scorer.rank(features, signal);
      failed++;
      return Promise.reject(new Error('broken'));
    };
    const broken = { ...model, scorer: { ...model.scorer, rank } };
    const ask = { customerIds: [1, 2, 3], nProducts: 4, withReasons: false };
    servedOffersOf(broken).expect(ask, broken);
    await vi.waitUntil(() => failed === 1, { timeout: 30_000 });
    isBroken = false;
    expect(await servedOffersOf(broken).of(ask, broken)).toEqual(await answerAlone(ask, model));
  });
});
