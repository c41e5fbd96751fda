/** The model of whom offers persuade: what contacting only some of the customers would have brought. */
import { type UpliftAnswer, upliftSchema } from './campaign-answers.ts';
import type { Connection } from './connection.ts';
import { element, facts } from './elements.ts';
import { beside, type IntervalPoint, intervalChart } from './interval-chart.ts';
import { count, percent } from './numbers.ts';

type Figures = UpliftAnswer['uplift'];
type Estimate = Figures['effect'];

export function readUpliftModel(connection: Connection): Promise<UpliftAnswer> {
  return connection.call('get_churn_metrics', { model: 'campaign_uplift' }, upliftSchema);
}

export function upliftModel({ version, as_of, uplift, warnings }: UpliftAnswer): HTMLElement {
  const { contacted, held_out, effect, qini, qini_of_risk } = uplift;
  const isAhead = !warnings.some(({ code }) => code === 'NOT_AHEAD_OF_RISK');
  return element(
    'section',
    { class: 'card spaced' },
    element('h3', {}, 'Whom offers persuade'),
    element(
      'p',
      {},
      isAhead
        ? 'The model finds the customers whom an offer persuades better than the risk to leave does. Plans and lists may be ranked by it.'
        : 'The model does not find the customers whom an offer persuades better than the risk to leave does, so nothing is ranked by it. More campaigns may teach it.',
    ),
    facts(
      [
        {
          name: 'More of 100 contacted ordered',
          value: hundred(effect.value),
          beside: `between ${hundred(effect.low)} and ${hundred(effect.high)}`,
        },
        { name: 'Qini coefficient', value: qini.value.toFixed(3), beside: range(qini) },
        {
          name: 'Qini of the risk to leave',
          value: qini_of_risk.value.toFixed(3),
          beside: range(qini_of_risk),
        },
      ],
      'three',
    ),
    ...beside([...curveOf('Additional orders', uplift), ...curveOf('Profit', uplift)]),
    element(
      'p',
      { class: 'note' },
      `campaign_uplift ${version}, as of ${as_of}: learnt from ${count(contacted)} contacted customers and ${count(held_out)} held out, each judged by a model that had not seen them. A Qini coefficient of 0 is a ranking by chance. Intervals hold in 19 cases of 20.`,
    ),
  );
}

function curveOf(of: 'Additional orders' | 'Profit', { curve }: Figures): HTMLElement[] {
  const points = curve.map((point): IntervalPoint => {
    const { share, orders, profit } = point;
    const [value, low, high] =
      of === 'Profit'
        ? [profit, point.profit_low ?? profit, point.profit_high ?? profit]
        : [orders, point.orders_low ?? orders, point.orders_high ?? orders];
    return { name: percent(share), value, low, high };
  });
  return intervalChart({
    title: `${of} by share contacted`,
    description: `${of} if only the customers that the model ranks first are contacted, from a tenth to all, with the interval (dashed).`,
    along: 'Share contacted',
    points,
    format: (amount) => count(Math.round(amount)),
  });
}

function hundred(share: number): string {
  return (100 * share).toFixed(1);
}

function range({ low, high }: Estimate): string {
  return `between ${low.toFixed(3)} and ${high.toFixed(3)}`;
}
