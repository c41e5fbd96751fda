/** Money at stake in words. If the latest probabilities were wrong, an exact amount would be wrong too: only the range is given. */
import type { ForecastTrust } from '../scoring/forecast-trust.ts';
import { formatWhole } from '../text/format.ts';

export interface Stake {
  readonly valueAtRisk: number;
  readonly low: number;
  readonly high: number;
}

/** "about 390 (300 to 480)", or the range alone. */
export function stakeText(stake: Stake, trust: Pick<ForecastTrust, 'isOff'>): string {
  const range = rangeText(stake);
  return trust.isOff ? range : `about ${formatWhole(stake.valueAtRisk)} (${range})`;
}

/** One number within a list, or the range alone. */
export function shortStakeText(stake: Stake, trust: Pick<ForecastTrust, 'isOff'>): string {
  return trust.isOff ? rangeText(stake) : formatWhole(stake.valueAtRisk);
}

function rangeText({ low, high }: Stake): string {
  const [from, to] = [formatWhole(low), formatWhole(high)];
  return from === to ? from : `${from} to ${to}`;
}
