/**
 * How sure an answer has to be, so that looking before the end raises no false alarms. Of 100 campaigns whose offer does
 * nothing, at most 5 may raise one. 3.8 of these are kept for the end. 0.4 are spread over one look per day, so a person who
 * looks every day sees no more false alarms, however much the days resemble each other (Bonferroni). The rest allows for the
 * intervals being approximations: in simulated campaigns, those of the end hold the truth in 95 to 96 of 100.
 *
 * An always-valid interval would let somebody look more often than once a day: Waudby-Smith et al., "Time-uniform central
 * limit theory and asymptotic confidence sequences", Annals of Statistics 52, 2024. It is no narrower here (at best 3.8
 * standard errors; 90 daily looks need 4.1), and it takes customers for a stream that comes in one by one, while here all
 * are contacted on one day and their orders come in together.
 */
const FALSE_ALARMS_AT_THE_END = 0.038;
const FALSE_ALARMS_BEFORE = 0.004;

export interface Look {
  /** Whether the whole horizon has passed: however often the result is looked at then, it is the same result. */
  readonly isFinal: boolean;
  readonly horizonDays: number;
}

/** The probability that an interval shown at this look may miss the truth. */
export function alphaOf({ isFinal, horizonDays }: Look): number {
  if (isFinal) return FALSE_ALARMS_AT_THE_END;
  return FALSE_ALARMS_BEFORE / Math.max(1, horizonDays - 1);
}
