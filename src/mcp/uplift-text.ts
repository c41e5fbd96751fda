/** What an uplift model found, in words: what an offer changes, and whether the model finds the customers whom it changes. */
import type { DetailsOf } from '../registry/card-details.ts';
import { isAheadOfRisk } from '../scoring/uplift-scores.ts';
import { formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';

type UpliftDetails = DetailsOf<'uplift'>;
type Estimate = UpliftDetails['uplift']['effect'];

/** The answer first: what the offers did, and what contacting only some of the customers would have brought. */
export function upliftAnswerLines({ campaigns, uplift }: UpliftDetails): string[] {
  const { effect, curve } = uplift;
  const perHundred = (share: number) => (100 * share).toFixed(1).replace(/\.0$/, '');
  const [half, all] = [0.5, 1].map((wanted) => curve.find(({ share }) => share === wanted));
  return [
    `The offers of ${plural(campaigns.length, 'campaign')} made ${perHundred(effect.value)} more of 100 contacted customers order (between ${perHundred(effect.low)} and ${perHundred(effect.high)}).`,
    ...(half && all
      ? [
          `Contacting only the half that this model ranks first would have brought ${ordersText(half)} additional orders and a profit of ${profitText(half)}; contacting all ${formatCount(uplift.contacted + uplift.held_out)} customers, ${ordersText(all)} and ${profitText(all)}.`,
        ]
      : []),
  ];
}

type CurvePoint = UpliftDetails['uplift']['curve'][number];

function ordersText({ orders, orders_low, orders_high }: CurvePoint): string {
  return `${formatWhole(orders)}${rangeText(orders_low, orders_high)}`;
}

function profitText({ profit, profit_low, profit_high }: CurvePoint): string {
  return `${formatWhole(profit)}${rangeText(profit_low, profit_high)}`;
}

function rangeText(low: number | undefined, high: number | undefined): string {
  return low === undefined || high === undefined ? '' : ` (${formatWhole(low)} to ${formatWhole(high)})`;
}

export function upliftAdviceLines({ uplift }: UpliftDetails): string[] {
  return isAheadOfRisk(uplift)
    ? ['What to do: plan_campaign with rank_by "uplift" contacts those whom an offer persuades most.']
    : [];
}

/** Statistics, last. */
export function upliftQualityLines({ uplift }: UpliftDetails): string[] {
  const { contacted, held_out, qini, qini_of_risk, qini_ahead, scale } = uplift;
  return [
    `Learnt from ${formatCount(contacted)} contacted customers and ${formatCount(held_out)} held out. Each was judged by a model that had not seen them; the model that answers was then fitted on all.`,
    `Qini coefficient ${interval(qini)}; of the risk to leave ${interval(qini_of_risk)}; ahead by ${interval(qini_ahead)}. 0 is a ranking by chance. Intervals hold in 19 cases of 20.`,
    `Differences between customers are believed to ${formatPercent(scale.slope, 0)}.`,
  ];
}

/** "0.0566 (0.0415 to 0.0709)" */
function interval({ value, low, high }: Estimate): string {
  return `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}
