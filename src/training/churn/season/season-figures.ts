import { WEEKS_OF_YEAR } from '../../../features/calendar-day.ts';
import type { Season } from '../../../registry/card-figures.ts';
import { type SeasonFactor, unknownSeason } from './season-factor.ts';
import { daysAheadOfLeaf } from './season-tree.ts';

/** A season as a card says it; `asOf` is the day of the forecast. */
export function seasonFigures(season: SeasonFactor, asOf: string): Season {
  const { isKnown, pairs, years, repeats, logFactorAt, deviation } = season;
  return {
    is_known: isKnown,
    factor: Math.exp(logFactorAt(0)),
    factors: Array.from({ length: WEEKS_OF_YEAR }, (_, week) =>
      Math.exp(logFactorAt(daysAheadOfLeaf(week, asOf))),
    ),
    repeats,
    years,
    pairs,
    deviation,
  };
}

/** Of a history that is too short to know one. */
export function unknownSeasonFigures(asOf: string): Season {
  return seasonFigures(unknownSeason(0), asOf);
}
