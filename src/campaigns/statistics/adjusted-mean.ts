/** One group of customers of a campaign; each array has one value per customer. */
export interface Group {
  readonly outcomes: Float64Array;
  /** What the forecast says of the outcome, known before the campaign and centred at its mean over all groups. */
  readonly forecasts: Float64Array;
  /** What the customer brought, 0 if nothing: by how much outcomes differ between customers. */
  readonly amounts: Float64Array;
}

export interface AdjustedMean {
  readonly mean: number;
  /** Of one customer's outcome, around what the forecast says. */
  readonly variance: number;
  /** Third central moment of the same. */
  readonly thirdMoment: number;
}

/** A line through fewer customers follows chance. */
const LEAST_CUSTOMERS = 20;

/**
 * The mean outcome of a group, as it would be if the forecasts of its customers were those of all: the height at 0 of a line
 * through outcomes over forecasts. What the forecast explains is then no noise: Deng et al., "Improving the sensitivity of
 * online controlled experiments by utilizing pre-experiment data" (CUPED), WSDM 2013; a line of its own per group as in
 * Lin, "Agnostic notes on regression adjustments to experimental data", Annals of Applied Statistics 7, 2013. Squares are
 * corrected for customers who draw the line to themselves (HC2 of MacKinnon and White, Journal of Econometrics 29, 1985).
 */
export function adjustedMean({ outcomes, forecasts }: Group): AdjustedMean {
  const customers = outcomes.length;
  const [outcomeMean, forecastMean] = [meanOf(outcomes), meanOf(forecasts)];
  let [spread, common] = [0, 0];
  for (let i = 0; i < customers; i++) {
    spread += (forecasts[i] - forecastMean) ** 2;
    common += (forecasts[i] - forecastMean) * (outcomes[i] - outcomeMean);
  }
  const hasLine = customers >= LEAST_CUSTOMERS && spread > 0;
  const slope = hasLine ? common / spread : 0;
  let [variance, thirdMoment] = [0, 0];
  for (let i = 0; i < customers; i++) {
    const away = forecasts[i] - forecastMean;
    const residual = outcomes[i] - outcomeMean - slope * away;
    const leverage = 1 / customers + (hasLine ? away ** 2 / spread : 0);
    variance += residual ** 2 / Math.max(1 - leverage, 1e-9) / customers;
    thirdMoment += residual ** 3 / customers;
  }
  return { mean: outcomeMean - slope * forecastMean, variance, thirdMoment };
}

export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
