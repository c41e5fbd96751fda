/** What a model's figures mean for a person who decides: how often it is right, and what to do. */
import type { DetailFields } from '../registry/card-details.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { trustOf } from '../scoring/forecast-trust.ts';
import { formatCount } from '../text/format.ts';
import { trustWarnings } from './trust-text.ts';
import { upliftAdviceLines, upliftAnswerLines } from './uplift-text.ts';

/** How often it is right, for people who do not read statistics. */
export function answerLines({ metrics, details }: ModelCard): string[] {
  const { ranking }: DetailFields = details;
  if (details.kind === 'uplift') return upliftAnswerLines(details);
  if (details.kind === 'purchase') {
    const share = ranking?.model?.hit_rate_at_5;
    return share === undefined
      ? []
      : [`Of 100 later buyers, about ${hundredths(share)} bought one of their first 5 recommendations.`];
  }
  const [right, named] = [metrics.precision, metrics.churned_recall].map(hundredths);
  if (details.kind === 'inactivity') {
    return [
      `Of 100 customers that it calls churned, about ${right} are; of 100 who are, it calls about ${named} so.`,
    ];
  }
  const riskiest = Math.min(1, metrics.lift_top_decile * metrics.churn_rate);
  return [
    `Of 100 customers in the tenth that it rated riskiest, about ${hundredths(riskiest)} left; of any 100, about ${hundredths(metrics.churn_rate)} did. Of 100 that it says will leave, about ${right} did; of 100 who left, it had named about ${named}.`,
  ];
}

function hundredths(share: number): string {
  return formatCount(Math.round(100 * share));
}

/** What to do: the warnings, or that nothing stands against the list. */
export function adviceLines(card: ModelCard): string[] {
  if (card.details.kind === 'purchase') return [];
  if (card.details.kind === 'uplift') return upliftAdviceLines(card.details);
  const warnings = trustWarnings(card);
  if (warnings.length > 0 || trustOf(card).latest === undefined) return warnings;
  return [
    'What to do: contact customers from the top of get_at_risk_customers. Nothing stands against its order or its amounts.',
  ];
}
