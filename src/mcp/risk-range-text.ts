/** Which probabilities a list holds, in words. */
import { LEAST_OF_BAND, type RiskBand } from '../scoring/money-at-risk.ts';
import { formatPercent } from '../text/format.ts';

export const BAND_WORDS = { high: '50% or more', medium: '25% to 50%', low: 'below 25%' } as const;

/** "36% or more", or that of the band; both if a list begins within its band. */
export function riskRangeText(least: number, band: RiskBand | undefined): string {
  const from = `${formatPercent(least, 0)} or more`;
  if (band === undefined) return from;
  return least > LEAST_OF_BAND[band] ? `${BAND_WORDS[band]}, and ${from}` : BAND_WORDS[band];
}
