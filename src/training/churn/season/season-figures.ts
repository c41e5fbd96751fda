import type { Season } from '../../../registry/card-figures.ts';
import { type SeasonFactor, unknownSeason } from './season-factor.ts';
import { byLeaf } from './season-tree.ts';

/** A season as a card says it; `asOf` is the day of the forecast. */
export function seasonFigures(season: SeasonFactor, asOf: string): Season {
  const { isKnown, pairs, years, repeats, logFactorAt, deviation } = season;
  return {
    is_known: isKnown,
    factor: Math.exp(logFactorAt(0)),
    factors: byLeaf(asOf, (daysAhead) => Math.exp(logFactorAt(daysAhead))),
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
