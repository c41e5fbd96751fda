/** What a forecast said of active customers on past days, and what happened, as a PNG. */
import type { RollingCalibration } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { BLUE, curveAt, dashedAt, drawPanels, ORANGE, shareAxis } from './two-panels.ts';

/** Undefined if no past forecast could be checked. */
export async function calibrationPicture({ details }: ModelCard): Promise<Uint8Array | undefined> {
  const rolling = details.kind === 'forward' ? details.rolling_calibration : undefined;
  if (rolling === undefined || rolling.periods.length === 0) return undefined;
  const { bands } = rolling;
  const periods = [...rolling.periods].reverse();
  return drawPanels({
    titles: ['Active customers by what they were given', 'Active customers by day of the forecast'],
    xAxis: [
      shareAxis('said'),
      {
        type: 'category',
        data: periods.map(({ cutoff }) => cutoff),
        name: 'day of the forecast (dashed: its range)',
        nameLocation: 'middle',
        nameGap: 40,
      },
    ],
    yAxis: [shareAxis('happened'), shareAxis('left')],
    series: [
      dashedAt(0, [
        [0, 0],
        [1, 1],
      ]),
      {
        ...curveAt(
          0,
          bands.map(({ said, happened }) => [said, happened] as const),
          BLUE,
        ),
        ...circles(bands),
      },
      ...periodCurves(periods),
    ],
  });
}

/** A band's circle grows with its customers: few of them say little. */
function circles(bands: RollingCalibration['bands']) {
  const most = Math.max(...bands.map(({ customers }) => customers));
  return {
    showSymbol: true,
    symbol: 'circle',
    symbolSize: (_: unknown, { dataIndex }: { readonly dataIndex: number }) =>
      4 + 14 * Math.sqrt(bands[dataIndex].customers / most),
  };
}

function periodCurves(periods: RollingCalibration['periods']) {
  const isSaidAbove = (periods.at(-1)?.said ?? 0) >= (periods.at(-1)?.happened ?? 0);
  const named = (name: string, values: readonly number[], color: string) => ({
    ...curveAt(1, values, color),
    showSymbol: true,
    symbol: 'circle',
    symbolSize: 7,
    endLabel: {
      show: true,
      formatter: name,
      color,
      offset: [-4, (name === 'said') === isSaidAbove ? -14 : 14],
      align: 'right',
    },
  });
  return [
    dashedAt(
      1,
      periods.map(({ low }) => low),
    ),
    dashedAt(
      1,
      periods.map(({ high }) => high),
    ),
    named(
      'said',
      periods.map(({ said }) => said),
      BLUE,
    ),
    named(
      'happened',
      periods.map(({ happened }) => happened),
      ORANGE,
    ),
  ];
}
