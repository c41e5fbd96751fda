/** Whom a list of customers at risk holds, and in which order: a shop's customers and those of a table alike. */
import { type CampaignCosts, expectedProfit, type Prospect } from './campaign.ts';
import { bandOf, type RiskBand, valueAtRiskOf } from './money-at-risk.ts';

export interface RiskConditions {
  readonly leastProbability: number;
  readonly band?: RiskBand | undefined;
  readonly minValueAtRisk?: number | undefined;
  readonly costs?: CampaignCosts | undefined;
}

/** `considered`: rows that meet the conditions; `listable`: those worth listing, most at stake first. */
export function rankAtRisk(
  rows: readonly number[],
  prospectOf: (row: number) => Prospect,
  { leastProbability, band, minValueAtRisk = 0, costs }: RiskConditions,
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
  return { considered, listable: rankRows(considered, prospectOf, costs) };
}

/** Most at stake first; with costs only those worth contacting, the most profitable first. */
function rankRows(
  rows: readonly number[],
  prospectOf: (row: number) => Prospect,
  costs: CampaignCosts | undefined,
): number[] {
  const ranks = new Map(
    rows.map((row) => {
      const prospect = prospectOf(row);
      return [row, costs ? expectedProfit(prospect, costs) : valueAtRiskOf(prospect)] as const;
    }),
  );
  const rankOf = (row: number) => ranks.get(row) ?? 0;
  // Rows come ordered by customer id, so equal values stay in that order.
  return rows
    .filter((row) => costs === undefined || rankOf(row) > 0)
    .sort((a, b) => rankOf(b) - rankOf(a) || a - b);
}
