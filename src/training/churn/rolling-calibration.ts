/** How earlier forecasts of the same recipe turned out, each made without data after its day. */
import { bgNbdOf } from '../../baselines/bg-nbd-of-customers.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { addDays } from '../../features/calendar-day.ts';
import { meanOf } from '../../metrics/mean.ts';
import type { RollingCalibration } from '../../registry/card-figures.ts';
import { paceSpend } from '../../scoring/expected-spend.ts';
import { probabilityRange } from '../../scoring/forecast-trust.ts';
import { activeRows } from './active-rows.ts';
import type { DatedDataset } from './dated-dataset.ts';
import { beginForecast, type ForecastRequest, fitForecast, isBoosted } from './recipe.ts';
import { type SeasonedScores, type ShopSeason, scoresInSeason } from './season/seasoned-forecast.ts';
import { joinSlices, learnableSlices } from './slices.ts';

/** The evaluation's period and so many before it. */
const EARLIER_PERIODS = 3;
/** Periods lie so many days apart at least, so that they are of different seasons. */
const SEASON_DAYS = 90;
const BANDS = 10;
/** BG/NBD belongs to an earlier forecast of at most so many customers. */
const MOST_BG_NBD_CUSTOMERS = 1_500;
/** More rows make an earlier forecast no better by what it is asked, and take time. */
const EARLIER_ROWS = 20_000;

/** A forecast of a past day: the customers that it was for, and their scores. */
export interface PastForecast extends SeasonedScores {
  readonly cutoff: string;
  readonly dataset: LabelledDataset;
}

/**
 * Fits the recipe anew as of days before the evaluation's, newest first. BG/NBD is left out of a mean over many customers:
 * its fifth hardly changes what is said there, and takes as long as the rest.
 */
export async function earlierForecasts(
  shop: ShopSeason,
  { recipe: evaluated, ...request }: Omit<ForecastRequest, 'train'>,
): Promise<PastForecast[]> {
  const planned: PlannedForecast[] = [];
  for (const { cutoff, dataset } of earlierPeriods(shop)) {
    const isCostly = dataset.rowCount > MOST_BG_NBD_CUSTOMERS;
    const isOfThree = evaluated === 'trees_logistic_regression_and_bg_nbd';
    const recipe = isOfThree && isCostly ? 'trees_and_logistic_regression' : evaluated;
    // Fewer customers had come back by then, so their histories may not determine it.
    if (recipe === 'bg_nbd' && !bgNbdOf(dataset).hasConverged) break;
    const known = learnableSlices(shop.dated, cutoff, shop.horizonDays);
    const train = joinSlices(known, EARLIER_ROWS);
    const fit = { ...request, recipe, train, customers: dataset };
    const begun = isBoosted(recipe) ? beginForecast(fit) : undefined;
    planned.push({
      cutoff,
      dataset,
      fit: { ...fit, begun },
      trainCutoffs: known.map((slice) => slice.cutoff),
    });
  }
  const forecasts: PastForecast[] = [];
  for (const { cutoff, dataset, fit, trainCutoffs } of planned) {
    const forecast = { ensemble: (await fitForecast(fit)).ensemble, customers: dataset };
    const seasoned = await scoresInSeason(forecast, { day: cutoff, trainCutoffs }, shop, request);
    forecasts.push({ cutoff, dataset, ...seasoned });
  }
  return forecasts;
}

/** A past day, and what its forecast is fitted with. */
interface PlannedForecast extends Pick<PastForecast, 'cutoff' | 'dataset'> {
  readonly fit: ForecastRequest;
  readonly trainCutoffs: readonly string[];
}

/** Slices a horizon and a season apart that something was known before. */
function earlierPeriods({ dated, horizonDays }: ShopSeason): DatedDataset[] {
  const periods: DatedDataset[] = [];
  let last = dated.at(0)?.cutoff;
  while (last !== undefined && periods.length < EARLIER_PERIODS) {
    const latest = addDays(last, -Math.max(horizonDays, SEASON_DAYS));
    const next = dated.find(({ cutoff }) => cutoff <= latest);
    if (next === undefined || learnableSlices(dated, next.cutoff, horizonDays).length === 0) break;
    periods.push(next);
    last = next.cutoff;
  }
  return periods;
}

/** One active customer of a past forecast. */
interface Judged {
  readonly probability: number;
  readonly isChurned: number;
  readonly spend: number;
}

/** Predictions for the customers active then, and their outcomes: by period, and by band over all periods. */
export function rollingCalibration(
  forecasts: readonly PastForecast[],
  { horizonDays, customersPerRow }: { readonly horizonDays: number; readonly customersPerRow: number },
): RollingCalibration {
  const judged = forecasts.map((forecast) => judgeActive(forecast, horizonDays));
  return {
    periods: forecasts.map(({ cutoff, season: { deviation } }, i) => ({
      cutoff,
      ...periodOf(judged[i], { deviation, customersPerRow }),
    })),
    bands: bandsOf(judged.flat()),
  };
}

function judgeActive({ rawScores, dataset }: PastForecast, horizonDays: number): Judged[] {
  const spend = paceSpend(dataset, horizonDays);
  return Array.from(activeRows(dataset, horizonDays), (row) => ({
    probability: 1 / (1 + Math.exp(-rawScores[row])),
    isChurned: dataset.labels[row],
    spend: spend[row],
  }));
}

/** Customers and amounts are those of the whole shop. */
function periodOf(
  rows: readonly Judged[],
  { deviation, customersPerRow }: { readonly deviation: number; readonly customersPerRow: number },
) {
  const intervals = rows.map(({ probability }) => probabilityRange(probability, deviation));
  const atStake = (chances: readonly number[]) =>
    customersPerRow * chances.reduce((sum, chance, row) => sum + chance * rows[row].spend, 0);
  const probabilities = rows.map(({ probability }) => probability);
  const lows = intervals.map(({ low }) => low);
  const highs = intervals.map(({ high }) => high);
  const churned = rows.map(({ isChurned }) => isChurned);
  return {
    customers: customersPerRow * rows.length,
    said: meanOf(probabilities),
    low: meanOf(lows),
    high: meanOf(highs),
    happened: meanOf(churned),
    calibration_error: calibrationError(rows),
    value_said: atStake(probabilities),
    value_low: atStake(lows),
    value_high: atStake(highs),
    value_lost: atStake(churned),
  };
}

/** Mean of |said − happened| over the bands, weighed by customers. */
function calibrationError(rows: readonly Judged[]): number {
  const off = bandsOf(rows).reduce(
    (sum, { customers, said, happened }) => sum + customers * Math.abs(said - happened),
    0,
  );
  return off / rows.length;
}

/** By tenths of probability; bands without customers are left out. */
function bandsOf(rows: readonly Judged[]): RollingCalibration['bands'] {
  return Array.from({ length: BANDS }, (_, band) => {
    const of = rows.filter(
      ({ probability }) => Math.min(BANDS - 1, Math.floor(probability * BANDS)) === band,
    );
    return {
      from: band / BANDS,
      to: (band + 1) / BANDS,
      customers: of.length,
      said: meanOf(of.map(({ probability }) => probability)),
      happened: meanOf(of.map(({ isChurned }) => isChurned)),
    };
  }).filter(({ customers }) => customers > 0);
}
