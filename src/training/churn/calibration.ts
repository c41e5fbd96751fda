import { addDays } from '../../features/calendar-day.ts';
import { predictRawScores } from '../../gbdt/predictor.ts';
import { logLoss } from '../../metrics/classification.ts';
import { fitSigmoid, type SigmoidCalibration } from '../../metrics/sigmoid-calibration.ts';
import type { CalibrationTrial } from '../../registry/card-figures.ts';
import { type ForecastRequest, fitForecast } from './recipe.ts';
import { type DatedDataset, joinSlices, learnableSlices } from './slices.ts';

/** Scores of a slice by trees that knew nothing of its period. */
export interface LaterScores {
  readonly labels: ArrayLike<number>;
  readonly rawScores: Float32Array;
}

export interface LaterCalibration {
  /** What the evaluated model's raw scores go through: fitted before the evaluation slice. None where nothing is kept. */
  readonly evaluated: SigmoidCalibration | undefined;
  /** The same for the registered model: fitted on the evaluation slice, the latest whose outcome is known. */
  readonly registered: SigmoidCalibration | undefined;
  readonly trial: CalibrationTrial | undefined;
}

/** A sigmoid is tried at four seasons, so that it is not the season that it corrects. */
const TRIALS = 4;
const SEASON_DAYS = 90;

const NOTHING_TRIED: LaterCalibration = { evaluated: undefined, registered: undefined, trial: undefined };

/**
 * Tries Platt's sigmoid as it would be used: fitted on the scores of one period, applied to a later one. A sigmoid that
 * is fitted in spring and moves every probability up makes autumn worse in a shop that lives on Christmas, so it is
 * kept only where it made things better four times in a row, over a year. Shorter histories do without.
 *
 *     … ── slice A ──── slice B ──── evaluation ──── as of    fitted on A: better on B? fitted on B: better on the
 *                                                             evaluation? then fitted on the evaluation and registered
 *
 * @param evaluation the evaluated model's scores of the evaluation slice.
 * @param dated newest first, the evaluation's slice is the first; none for a random split. @param request the recipe, to fit on what was known before each of them.
 */
export async function tryCalibration(
  evaluation: LaterScores,
  dated: readonly DatedDataset[],
  request: Omit<ForecastRequest, 'train'>,
): Promise<LaterCalibration> {
  const chain = chainOf(dated, request.horizonDays);
  if (chain.length < TRIALS) return NOTHING_TRIED;
  const scored = [{ cutoff: dated[0].cutoff, ...evaluation }];
  for (const slice of chain) scored.push(await scoreAsOf(slice, dated, request));
  const sigmoids = scored.map(({ labels, rawScores }) => fitSigmoid(labels, rawScores));
  const trials = chain.map((_, i) => {
    const { cutoff, labels, rawScores } = scored[i];
    return {
      cutoff,
      log_loss: logLoss(labels, probabilitiesOf(rawScores, undefined)),
      calibrated_log_loss: logLoss(labels, probabilitiesOf(rawScores, sigmoids[i + 1])),
    };
  });
  const kept = trials.every(({ log_loss, calibrated_log_loss }) => calibrated_log_loss < log_loss);
  return {
    evaluated: kept ? sigmoids[1] : undefined,
    registered: kept ? sigmoids[0] : undefined,
    trial: { kept, ...sigmoids[0], trials },
  };
}

/** Slices before a cutoff, a horizon and a season apart, that something was known before; newest first. */
function chainOf(dated: readonly DatedDataset[], horizonDays: number): readonly DatedDataset[] {
  const chain: DatedDataset[] = [];
  let last = dated.at(0)?.cutoff;
  while (last !== undefined && chain.length < TRIALS) {
    const latest = addDays(last, -Math.max(horizonDays, SEASON_DAYS));
    const next = dated.find((slice) => slice.cutoff <= latest);
    if (next === undefined || learnableSlices(dated, next.cutoff, horizonDays).length === 0) break;
    chain.push(next);
    last = next.cutoff;
  }
  return chain;
}

/** A slice's scores by the recipe, fitted on what was known on its day. */
async function scoreAsOf(
  { cutoff, dataset }: DatedDataset,
  dated: readonly DatedDataset[],
  request: Omit<ForecastRequest, 'train'>,
): Promise<LaterScores & { readonly cutoff: string }> {
  const known = learnableSlices(dated, cutoff, request.horizonDays);
  const { ensemble } = await fitForecast({ ...request, train: joinSlices(known), customers: dataset });
  return { cutoff, labels: dataset.labels, rawScores: predictRawScores(ensemble, dataset) };
}

/** `sigmoid(rawScore)`, or through a calibration first. */
export function probabilitiesOf(
  rawScores: Float32Array,
  calibration: SigmoidCalibration | undefined,
): Float32Array {
  const { slope, intercept } = calibration ?? { slope: 1, intercept: 0 };
  return rawScores.map((rawScore) => 1 / (1 + Math.exp(-(slope * rawScore + intercept))));
}
