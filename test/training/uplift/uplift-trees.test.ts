import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fitLogisticRegression, predictLogistic } from '../../../src/baselines/logistic-regression.ts';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import { seededRandom } from '../../../src/dataset/seeded-random.ts';
import { readBoosterParams } from '../../../src/gbdt/params.ts';
import { meanOf } from '../../../src/metrics/mean.ts';
import { compareQini } from '../../../src/metrics/qini.ts';
import { isAheadOfRisk } from '../../../src/scoring/uplift-scores.ts';
import { evaluateUplift } from '../../../src/training/uplift/evaluation.ts';
import { type TrialRows, UPLIFT_PARAMS, upliftOutOfFold } from '../../../src/training/uplift/uplift-trees.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { sharedData } from '../../helpers/shared-data.ts';

const growing = { params: readBoosterParams(UPLIFT_PARAMS), trainer: createInProcessTrainer() };

/** Chance to order if contacted and if not, of the four kinds of customers that offers meet. */
const KINDS = {
  persuadable: [0.6, 0.2],
  'sure thing': [0.8, 0.8],
  'lost cause': [0.1, 0.1],
  'do not disturb': [0.35, 0.6],
} as const;
type Kind = keyof typeof KINDS;
const NAMES = ['persuadable', 'sure thing', 'lost cause', 'do not disturb'] as const satisfies Kind[];

interface Simulated {
  readonly customers: number;
  readonly seed: number;
  /** False: the offer changes nothing. */
  readonly works?: boolean;
}

/** A campaign over customers whose kind shows in two of six features, with noise. */
function simulate({ customers, seed, works = true }: Simulated) {
  const random = seededRandom(seed);
  const kinds = Array.from({ length: customers }, () => NAMES[Math.floor(random() * NAMES.length)]);
  const contacted = Float64Array.from(kinds, () => Number(random() < 0.75));
  const outcomes = Float64Array.from(kinds, (kind, i) => {
    const [asked, alone] = KINDS[kind];
    return Number(random() < (works && contacted[i] === 1 ? asked : alone));
  });
  const place = (kind: Kind) => NAMES.indexOf(kind);
  const columns = [
    kinds.map((kind) => (place(kind) % 2) + 0.5 * random()),
    kinds.map((kind) => Math.floor(place(kind) / 2) + 0.5 * random()),
    ...[0, 1, 2, 3].map(() => kinds.map(() => random())),
  ].map(sharedColumnOf);
  const expected = Float64Array.from(kinds, (kind) => KINDS[kind][1]);
  const rows = {
    customers: { featureNames: columns.map((_, i) => `f${i}`), rowCount: customers, columns },
    ids: kinds.map((_, i) => i + 1),
    trial: { contacted, outcomes, weights: contacted.map((each) => (each === 1 ? 1 / 0.75 : 4)) },
    expected,
    campaignIds: ['c_20260101_000000_0000'],
    horizonDays: 60,
    risk: expected.map((share) => 1 - share),
    earned: outcomes.map((outcome, i) => 20 * outcome - contacted[i]),
  };
  return { kinds, rows };
}

describe('whom an offer persuades', () => {
  it('is learnt from a campaign: those persuaded come first, those whom it drives away last', async () => {
    const { kinds, rows } = simulate({ customers: 3000, seed: 1 });
    const uplift = await upliftOutOfFold(rows, growing);
    const meanBy = (wanted: Kind) => meanOf(uplift.filter((_, i) => kinds[i] === wanted));
    const [persuadable, sure, lost, disturbed] = NAMES.map(meanBy);
    expect(persuadable).toBeGreaterThan(Math.max(sure, lost) + 0.05);
    expect(disturbed).toBeLessThan(Math.min(sure, lost) - 0.05);
    const { figures } = evaluateUplift(rows, uplift);
    expect(figures.effect.low).toBeLessThan(0.0375);
    expect(figures.effect.high).toBeGreaterThan(0.0375);
    expect(isAheadOfRisk(figures)).toBe(true);
    const [quarter, all] = [0.3, 1].map((share) => figures.curve.find((point) => point.share === share));
    expect(quarter?.orders).toBeGreaterThan((all?.orders ?? 0) * 1.5);
  });

  it('is seldom found where the offer changes nothing, and the figures say so', async () => {
    let found = 0;
    for (let seed = 10; seed < 30; seed++) {
      const { rows } = simulate({ customers: 1300, seed, works: false });
      const { figures, warnings } = evaluateUplift(rows, await upliftOutOfFold(rows, growing));
      if (isAheadOfRisk(figures)) found++;
      else expect(warnings.map(({ code }) => code)).toEqual(['NOT_AHEAD_OF_RISK']);
    }
    expect(found).toBeLessThanOrEqual(2);
  });

  it('is the same at every training, and for a customer of two campaigns never learnt from the other', async () => {
    const { rows } = simulate({ customers: 600, seed: 3 });
    expect(await upliftOutOfFold(rows, growing)).toEqual(await upliftOutOfFold(rows, growing));
    // Each customer stands twice, the second time with the opposite outcome. A model that learnt from the other row would say something else.
    const twice = (values: ArrayLike<number>) =>
      Float64Array.from([...Array.from(values), ...Array.from(values)]);
    const { customers, trial } = rows;
    const doubled: TrialRows = {
      customers: {
        ...customers,
        rowCount: 1200,
        columns: customers.columns.map((column) => sharedColumnOf(twice(column))),
      },
      ids: [...rows.ids, ...rows.ids],
      trial: {
        contacted: twice(trial.contacted),
        outcomes: Float64Array.from([
          ...Array.from(trial.outcomes),
          ...Array.from(trial.outcomes, (outcome) => 1 - outcome),
        ]),
        weights: twice(trial.weights),
      },
      expected: twice(rows.expected),
    };
    const uplift = await upliftOutOfFold(doubled, growing);
    expect(uplift.slice(600)).toEqual(uplift.slice(0, 600));
  });
});

const path = sharedData('hillstrom/hillstrom.csv.gz');
const reached = z
  .object({ hillstrom: z.record(z.string(), z.record(z.string(), z.number())) })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/uplift.json', import.meta.url), 'utf8'))).hillstrom;

describe.skipIf(path === undefined)('on Hillstrom’s e-mail test', () => {
  it.each(Object.keys(reached))(
    'the ranking is as good as the best of scikit-uplift’s, within noise: %s',
    async (arm) => {
      const { rows, alone } = readHillstrom(path ?? '', arm);
      const { one } = compareQini(rows.trial, await upliftOutOfFold(rows, growing), alone);
      const best = Math.max(...Object.values(reached[arm]));
      expect(one.high).toBeGreaterThan(best);
      expect(one.value).toBeGreaterThan(reached[arm]['class transformation, XGBoost']);
    },
  );
});

/** One e-mail against none; the outcome is a visit, and what was expected of a customer a regression of it. */
function readHillstrom(file: string, arm: string) {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n').slice(1);
  const cells = lines
    .map((line) => line.split(','))
    .filter(([, , , , , , , , segment]) => [arm, 'No E-Mail'].includes(segment));
  const numeric = [0, 2, 3, 4, 6].map((column) => cells.map((row) => Number(row[column])));
  const flags = [5, 7].flatMap((column) =>
    [...new Set(cells.map((row) => row[column]))]
      .sort()
      .map((value) => cells.map((row) => Number(row[column] === value))),
  );
  const columns = [...numeric, ...flags].map(sharedColumnOf);
  const customers = { featureNames: columns.map((_, i) => `f${i}`), rowCount: cells.length, columns };
  const contacted = Float64Array.from(cells, (row) => Number(row[8] === arm));
  const outcomes = Float64Array.from(cells, (row) => Number(row[9]));
  const share = meanOf(contacted);
  const weights = contacted.map((each) => (each === 1 ? 1 / share : 1 / (1 - share)));
  const labelled = { ...customers, labels: sharedColumnOf(outcomes), weights: sharedColumnOf(weights) };
  const alone = predictLogistic(fitLogisticRegression(labelled), customers);
  const rows: TrialRows = {
    customers,
    ids: cells.map((_, i) => i),
    trial: { contacted, outcomes, weights },
    expected: alone,
  };
  return { rows, alone };
}
