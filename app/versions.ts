/** How a model changed from version to version. */
import type { Version } from './answers.ts';
import { axis, chart, tooltip } from './chart.ts';
import { element, table } from './elements.ts';
import { score } from './numbers.ts';

/** Most versions in the chart; more would be too close to each other. */
const DRAWN = 60;

export function versionsSection(versions: readonly Version[], model: string): HTMLElement[] {
  const own = versions.filter((version) => version.model === model);
  // A single version has no course to draw.
  if (own.length < 2) return [versionsTable(own)];
  return [versionsChart(own), element('h3', {}, 'All versions'), versionsTable(own)];
}

const isChampion = ({ aliases }: Version) => aliases.includes('champion');

function versionsChart(own: readonly Version[]): HTMLElement {
  const rising = own.slice(0, DRAWN).reverse();
  return chart({
    title: 'ROC-AUC by version',
    description:
      'Each version on its own evaluation data, so small steps mean little. The diamond is the champion.',
    option: (colors) => ({
      tooltip: tooltip(
        colors,
        ({ name, value }: { name: string; value: number }) => `${name}: ${score(value)}`,
        'item',
      ),
      xAxis: {
        type: 'category',
        data: rising.map(({ version }) => version),
        axisLabel: { color: colors.muted, hideOverlap: true, lineHeight: 15, formatter: momentOf },
        axisLine: { lineStyle: { color: colors.border } },
      },
      yAxis: axis(colors, 'ROC-AUC', { ...near(rising.map(({ roc_auc }) => roc_auc)), nameGap: 40 }),
      series: [
        {
          type: 'line',
          data: rising.map((version) => ({
            value: version.roc_auc,
            symbol: isChampion(version) ? 'diamond' : 'circle',
            symbolSize: isChampion(version) ? 16 : 9,
          })),
          lineStyle: { color: colors.first },
          itemStyle: { color: colors.first },
        },
      ],
    }),
    columns: [
      { heading: 'Version', cell: ({ version }) => version, isHeading: true },
      { heading: 'Champion', cell: (version) => (isChampion(version) ? 'yes' : 'no') },
      { heading: 'ROC-AUC', cell: ({ roc_auc }) => score(roc_auc), isNumber: true },
    ],
    rows: own,
  }).element;
}

function versionsTable(own: readonly Version[]): HTMLElement {
  return table(
    'Versions, newest first',
    [
      {
        heading: 'Version',
        cell: ({ version, aliases }) => (aliases.length > 0 ? `${version} (${aliases.join(', ')})` : version),
        isHeading: true,
      },
      {
        heading: 'Registered',
        cell: ({ created_at }) => `${created_at.slice(0, 16).replace('T', ' ')} UTC`,
      },
      { heading: 'Data up to', cell: ({ as_of }) => as_of },
      { heading: 'ROC-AUC', cell: ({ roc_auc }) => score(roc_auc), isNumber: true },
      { heading: 'Note', cell: ({ comment }) => comment || '–' },
    ],
    own,
    { stacks: true },
  );
}

/** Shows the day of v_20261123_101500, and the time below it. */
function momentOf(version: string): string {
  return version.replace(/^v_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)\d\d$/, '$1-$2-$3\n$4:$5');
}

/** From the step below the values to the step above them, within the possible range. */
function near(values: readonly number[]): { min: number; max: number; interval: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const interval = most - least > 0.2 ? 0.1 : 0.05;
  const steps = (value: number) => Number((value * interval).toFixed(2));
  return {
    interval,
    min: steps(Math.max(0, Math.ceil(least / interval) - 1)),
    max: steps(Math.min(1 / interval, Math.floor(most / interval) + 1)),
  };
}
