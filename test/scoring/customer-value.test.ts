import { describe, expect, it } from 'vitest';
import { absenceProbability, fitBgNbd } from '../../src/baselines/bg-nbd.ts';
import { SPEND_HISTORY_FEATURES, spendHistoryOf } from '../../src/baselines/purchase-history.ts';
import { fitSpendModel, spendIfStaying } from '../../src/baselines/spend-model.ts';
import { openDataHome } from '../../src/data/data-home.ts';
import { importShop } from '../../src/data/import/import-shop.ts';
import { toFeatureMatrix } from '../../src/dataset/column-rows.ts';
import { addDays, dayNumber } from '../../src/features/calendar-day.ts';
import { readChurnFeatures, readForwardLabels } from '../../src/features/read-churn-features.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { meanOf } from '../../src/metrics/mean.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { totalValue, valueOutlookOf } from '../../src/scoring/customer-value.ts';
import { createInProcessTrainer } from '../helpers/in-process-trainer.ts';
import { readOrderDays } from '../helpers/order-days.ts';
import { gini, spearman } from '../helpers/rank-agreement.ts';
import { sharedData } from '../helpers/shared-data.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { trainChurnModel } from '../helpers/training.ts';

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** What was said as of each day, by us and by the published models alone, and what was spent later. */
async function holdOut(dataSet: string, trials: readonly { cutoff: string; days: number }[]) {
  const folder = sharedData(dataSet) ?? '';
  const orderDays = readOrderDays(folder);
  const home = await newTestHome();
  await importShop({ orders: `${folder}/orders.csv` }, { home });
  const provider = openDataHome(home);
  await using _ = { [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() };
  const data = await provider.current();
  const registry = openRegistry(home, { now: () => new Date(0) });
  const env = { data, registry, trainer: createInProcessTrainer(), now: () => new Date(0) };
  const judged = [];
  for (const { cutoff, days } of trials) {
    const { card } = await trainChurnModel({ label: 'forward', asOf: cutoff, horizonDays: 90 }, env);
    const { ensemble } = await registry.load(card.model, card.version);
    const table = await readChurnFeatures(data, { asOf: cutoff });
    const features = toFeatureMatrix(table, card.features);
    const probabilities = predictRawScores(ensemble, features).map((raw) => 1 / (1 + Math.exp(-raw)));
    // An outlook goes as far as the history does, so the card's first day says how far to look.
    const orders = { count: 1, first_date: addDays(cutoff, -days), last_date: cutoff };
    const { details } = card;
    if (details.kind !== 'forward') throw new Error('no forecast');
    const outlook = valueOutlookOf(
      { table, probabilities, asOf: cutoff },
      { ...card, details: { ...details, orders } },
    );
    if (outlook === undefined) throw new Error('no outlook');
    const rows = [...probabilities.keys()];
    const said = rows.map((row) => outlook.of(row));
    const spent = (await readForwardLabels(data, { cutoff, horizonDays: days })).float64('spent_in_horizon');

    const history = spendHistoryOf(toFeatureMatrix(table, SPEND_HISTORY_FEATURES));
    const published = fitSpendModel(history);
    if (published === undefined) throw new Error('no published model');
    const away = absenceProbability(fitBgNbd(history.purchases), history.purchases, days / 7);
    const byPublished = spendIfStaying(published, history, days / 7).map(
      (amount, i) => amount * (1 - away[i]),
    );
    const ours = Float64Array.from(said, ({ expected }) => expected);
    const sum = totalValue(outlook, rows);
    const end = dayNumber(cutoff);
    const nextDays = table.ids('customer_id').map((id) => {
      const later = [
        ...(orderDays.get(String(id)) ?? orderDays.get(String(id).padStart(5, '0')) ?? []).keys(),
      ];
      const next = Math.min(...later.filter((day) => day > end));
      return next <= end + days ? next : undefined;
    });
    const back = rows.filter((row) => nextDays[row] !== undefined);
    const between = back.filter((row) => {
      const next = nextDays[row] ?? 0;
      const { early, late } = said[row].nextOrder;
      return dayNumber(early) <= next && next <= dayNumber(late);
    });
    const inInterval = rows.filter((row) => {
      const { low, high } = said[row];
      return low <= spent[row] && spent[row] <= high;
    });
    judged.push({
      ours,
      published: byPublished,
      spent,
      isCovered: sum.low <= total(spent) && total(spent) <= sum.high,
      datesHeld: between.length / back.length,
      inIntervals: inInterval.length / rows.length,
    });
  }
  return judged;
}

const TRIALS = {
  cdnow: [
    { cutoff: '1997-09-30', days: 270 },
    { cutoff: '1997-11-15', days: 225 },
    { cutoff: '1997-12-31', days: 180 },
    { cutoff: '1998-03-31', days: 90 },
  ],
  online_retail: [
    { cutoff: '2010-04-30', days: 210 },
    { cutoff: '2010-05-31', days: 180 },
    { cutoff: '2010-06-30', days: 150 },
    { cutoff: '2010-07-31', days: 120 },
  ],
};

describe('the value of customers (needs the public data beside the repository)', () => {
  it.skipIf(sharedData('cdnow') === undefined).each(['cdnow', 'online_retail'] as const)(
    'sums over four days of %s to within a tenth of what customers then spent on average, and ranks them better than the published models',
    async (dataSet) => {
      const judged = await holdOut(dataSet, TRIALS[dataSet]);
      for (const { ours, published, spent, datesHeld, isCovered, inIntervals } of judged) {
        expect(spearman(ours, spent)).toBeGreaterThan(spearman(published, spent));
        expect(gini(ours, spent)).toBeGreaterThan(gini(published, spent));
        expect(isCovered).toBe(true);
        // Of those who ordered again; and of all, most of whom spend nothing.
        expect(datesHeld).toBeGreaterThan(0.77);
        expect(datesHeld).toBeLessThan(0.85);
        expect(inIntervals).toBeGreaterThan(0.84);
      }
      const missOf = (said: (one: (typeof judged)[number]) => Float64Array) =>
        meanOf(judged.map((one) => Math.abs(Math.log(total(said(one)) / total(one.spent)))));
      expect(missOf(({ ours }) => ours)).toBeLessThan(0.11);
      expect(missOf(({ ours }) => ours)).toBeLessThan(missOf(({ published }) => published));
    },
    400_000,
  );
});
