/** Whom a list of customers at risk holds, and in which order: a shop's customers and those of a table alike. */
import { type CampaignCosts, expectedProfit, type Prospect } from './campaign.ts';
import { bandOf, LEAST_OF_BAND, type RiskBand, valueAtRiskOf } from './money-at-risk.ts';

export interface RiskConditions {
  readonly leastProbability: number;
  readonly band?: RiskBand | undefined;
  readonly minValueAtRisk?: number | undefined;
  readonly costs?: CampaignCosts | undefined;
  /** What the list begins with, most first; by default the expected profit if there are costs, else the money at stake. */
  readonly rankOf?: ((row: number) => number) | undefined;
}

/** From which probability a list holds customers: as asked for, that of the band, or from where they are at risk. */
export function leastOf(
  {
    minProbability,
    band,
  }: { readonly minProbability?: number | undefined; readonly band?: RiskBand | undefined },
  atRiskFrom: number,
): number {
  if (band === undefined) return minProbability ?? atRiskFrom;
  return Math.max(minProbability ?? 0, LEAST_OF_BAND[band]);
}

/** `considered`: rows that meet the conditions; `listable`: those worth listing, most at stake first. */
export function rankAtRisk(
  rows: readonly number[],
  prospectOf: (row: number) => Prospect,
  { leastProbability, band, minValueAtRisk = 0, costs, rankOf }: RiskConditions,
): { considered: readonly number[]; listable: readonly number[] } {
  const considered = rows.filter((row) => {
    const prospect = prospectOf(row);
    const { churnProbability } = prospect;
    return (
      churnProbability >= leastProbability &&
      (band === undefined || bandOf(churnProbability) === band) &&
      valueAtRiskOf(prospect) >= minValueAtRisk
    );
  });
  return { considered, listable: rankRows(considered, prospectOf, { costs, rankOf }) };
}

/** Most at stake first; with costs only those worth contacting, the most profitable first. */
function rankRows(
  rows: readonly number[],
  prospectOf: (row: number) => Prospect,
  { costs, rankOf }: Pick<RiskConditions, 'costs' | 'rankOf'>,
): number[] {
  const gainOf = (row: number) => {
    const prospect = prospectOf(row);
    return costs ? expectedProfit(prospect, costs) : valueAtRiskOf(prospect);
  };
  const worth = costs === undefined ? rows : rows.filter((row) => gainOf(row) > 0);
  const ranks = new Map(worth.map((row) => [row, (rankOf ?? gainOf)(row)] as const));
  const placeOf = (row: number) => ranks.get(row) ?? 0;
  // Rows come ordered by customer id, so equal values stay in that order.
  return [...worth].sort((a, b) => placeOf(b) - placeOf(a) || a - b);
}
