/**
 * Tells a model the season: the day of the year that a score is made on, 1 to 366. It is the same for all customers of a
 * day, so nothing is learnt from it: the season's tree reads it, and drift leaves it out.
 */
export const SEASON_FEATURE = 'as_of_day_of_year';
