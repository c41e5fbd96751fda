/** How far customers have moved since a version was trained. */
import type { Metrics } from './answers.ts';
import { barChart } from './bar-chart.ts';
import { ROW_HEIGHT } from './chart.ts';
import { element } from './elements.ts';
import { plural } from './numbers.ts';

/** Population stability index: below the first limit no drift, above the second train a new version. */
const SOME = 0.1;
const MUCH = 0.25;
/** The smallest value that two digits can show. */
const SHOWN = 0.005;
const MOST_FEATURES = 15;

interface FeatureDrift {
  readonly feature: string;
  readonly psi: number;
}

export function driftSection({ drift, as_of }: Metrics): HTMLElement[] {
  if (drift === undefined) {
    return [
      element(
        'p',
        {},
        'Drift is available for churn models of orders, once their customers have been scored.',
      ),
    ];
  }
  const { score_psi, features } = drift;
  const moved = features.filter(({ psi }) => psi >= SHOWN).slice(0, MOST_FEATURES);
  const intro = [
    element(
      'p',
      score_psi < MUCH ? {} : { class: 'warning' },
      `Scores of customers as of ${drift.as_of} ${verdictOf(score_psi)} since training (population stability index ${score_psi.toFixed(2)})${score_psi < MUCH ? '.' : ': train a new version.'}`,
    ),
    ...(drift.as_of === as_of
      ? [
          element(
            'p',
            { class: 'note' },
            'These are the customers it was trained on: newer orders will show more.',
          ),
        ]
      : []),
  ];
  if (moved.length === 0) return [...intro, element('p', {}, 'No feature has moved either.')];
  const much = features.filter(({ psi }) => psi >= MUCH).length;
  const counted = `${much} of ${plural(features.length, 'feature')} ${much === 1 ? 'has' : 'have'} moved much.`;
  return [...intro, element('p', {}, counted), driftChart(features, moved)];
}

function driftChart(features: readonly FeatureDrift[], moved: readonly FeatureDrift[]): HTMLElement {
  return barChart({
    title: 'Drift by feature',
    description: `Population stability index, the ${moved.length} that moved most of ${features.length}; from ${SOME} it is some, from ${MUCH} much (dashed).`,
    bars: moved,
    amountOf: ({ psi }) => psi,
    format: (psi) => psi.toFixed(3),
    heading: 'stability index',
    valueAxis: {
      name: 'population stability index',
      // Both limits must be visible.
      ...(moved[0].psi < 0.3 && { max: 0.3 }),
    },
    series: (colors) => ({
      markLine: {
        symbol: 'none',
        silent: true,
        label: { show: false },
        lineStyle: { color: colors.second },
        data: [{ xAxis: SOME }, { xAxis: MUCH }],
      },
    }),
    rows: features,
    height: 60 + moved.length * ROW_HEIGHT,
  }).element;
}

function verdictOf(psi: number): string {
  if (psi < SOME) return 'have hardly moved';
  return psi < MUCH ? 'have moved somewhat' : 'have moved much';
}
