import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollingFieldsOf, rollingText } from '../../src/mcp/rolling-text.ts';
import { createBoosterTrainer } from '../../src/training/backend/booster-pool.ts';
import { rollRecommendations } from '../../src/training/rolling-origin.ts';
import { createFakeRegistry } from '../helpers/fake-registry.ts';
import { makeTastefulShop } from '../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';
import { fieldsOf, trainRecommendationModel } from '../helpers/training.ts';

const trainer = createBoosterTrainer({ threads: 1 });
const now = () => new Date('2026-01-01T00:00:00Z');
let snapshot: TestSnapshot;
beforeAll(async () => {
  snapshot = await makeSnapshot(makeTastefulShop(90, 12));
});
afterAll(async () => {
  await trainer[Symbol.asyncDispose]?.();
  await snapshot[Symbol.asyncDispose]();
});

const environment = () => ({ registry: createFakeRegistry(), trainer, now });

describe('a rolling origin', () => {
  it('judges each day as a training on that day does, and registers nothing', async () => {
    const env = environment();
    const days = await rollRecommendations({ cutoffs: 2 }, snapshot.data, env);
    expect(env.registry.versions).toEqual([]);
    const { lastOrderDate } = await snapshot.data.summary();
    const ends = [lastOrderDate, days[0].cutoff];
    for (const [at, asOf] of ends.entries()) {
      const trained = await trainRecommendationModel({ asOf }, { ...environment(), data: snapshot.data });
      const { ranking, windows } = fieldsOf(trained.card);
      expect(windows?.evaluation_cutoff).toBe(days[at].cutoff);
      expect(days[at].ranking).toEqual(ranking);
      expect(days[at].logLoss).toBe(trained.card.metrics.log_loss);
      const { said, bought, bands } = days[at];
      expect(bands.reduce((sum, band) => sum + band.bought, 0)).toBe(bought);
      expect(bands.reduce((sum, band) => sum + band.said, 0)).toBeCloseTo(said, 6);
    }
    expect(days[0].cutoff > days[1].cutoff).toBe(true);
  });

  it('ends at the first day that has too little before it, and refuses a shop that cannot be judged at all', async () => {
    const days = await rollRecommendations({ cutoffs: 24, horizonDays: 60 }, snapshot.data, environment());
    expect(days.length).toBe(2);
    const tooLong = rollRecommendations({ cutoffs: 2, horizonDays: 200 }, snapshot.data, environment());
    await expect(tooLong).rejects.toMatchObject({ code: 'HORIZON_TOO_LONG' });
  });

  it('is shown day by day, with means beside the simple rules', async () => {
    const days = await rollRecommendations({ cutoffs: 2 }, snapshot.data, environment());
    const lines = rollingText(days).split('\n');
    expect(lines[0]).toBe(
      'product_recommendation, trained anew for 2 days and compared with the horizon after each',
    );
    expect(lines.filter((line) => line.includes('this model')).length).toBe(3);
    expect(lines.filter((line) => line.startsWith('mean, ')).length).toBe(
      Object.keys(days[0].ranking).length,
    );
    const heading = lines.findIndex((line) => line.startsWith('Purchases of all days by how likely'));
    const bought = lines
      .slice(heading + 2, lines.indexOf('', heading))
      .map((line) => Number(line.split(/ {2,}/)[2]));
    expect(bought.reduce((sum, count) => sum + count, 0)).toBe(days[0].bought + days[1].bought);
    expect(rollingFieldsOf(days).days.map(({ evaluation_cutoff }) => evaluation_cutoff)).toEqual(
      days.map(({ cutoff }) => cutoff),
    );
  });
});
