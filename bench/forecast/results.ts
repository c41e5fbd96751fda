import { meanOf } from '../../src/metrics/mean.ts';
import { FORECASTERS, type Forecaster, type Trial } from './trial.ts';

/** One trial in one line, as it comes. */
export function trialLine({ shop, cutoff, recipe, trainSeconds, all, active, ...money }: Trial): string {
  const { model } = active;
  return [
    `${shop} ${cutoff} ${recipe} ${trainSeconds.toFixed(1)} s:`,
    `all ROC-AUC ${all.model.rocAuc.toFixed(4)} Brier ${all.model.brier.toFixed(4)}`,
    `active ROC-AUC ${model.rocAuc.toFixed(4)} Brier ${model.brier.toFixed(4)}`,
    `calibration ${model.calibrationError.toFixed(3)} said − happened ${model.bias.toFixed(3)}`,
    `money ${(money.moneySaid / money.moneyLost).toFixed(2)} spend ${(money.spendSaid / money.spent).toFixed(2)} ${money.isCovered ? 'in' : 'outside'} [${money.low.toFixed(2)}, ${money.high.toFixed(2)}]${money.isSeasonKnown ? '' : ' season unknown'}`,
  ].join(' ');
}

/** The report: one row per kind of shop, means over its cutoffs with the lowest and the highest. */
export function resultsText(trials: readonly Trial[]): string {
  const kinds = [...new Set(trials.map(({ kind }) => kind))];
  const rowsOf = (kind: string) => trials.filter((trial) => trial.kind === kind);
  return [
    '# How forecasts turn out',
    '',
    'Made by `npm run bench:forecast`: trained as of each cutoff, scored as of it, compared with what happened in the horizon after it. Means over cutoffs, with the lowest and the highest. "Active" customers have an order within the horizon before the cutoff. Calibration error is the mean of |said − happened| over ten bins.',
    '',
    '## Active customers',
    '',
    ...table(
      [
        'shop',
        'cutoffs',
        'ROC-AUC',
        'Brier',
        'calibration error',
        'said − happened',
        'money said ÷ lost',
        'spend said ÷ spent',
        'in interval',
        'training, s',
      ],
      kinds.map((kind) => {
        const rows = rowsOf(kind);
        const range = (figure: (trial: Trial) => number, digits = 3) => rangeText(rows.map(figure), digits);
        return [
          kind,
          `${rows.length}`,
          range(({ active }) => active.model.rocAuc),
          range(({ active }) => active.model.brier),
          range(({ active }) => active.model.calibrationError),
          range(({ active }) => active.model.bias),
          range(({ moneySaid, moneyLost }) => moneySaid / moneyLost, 2),
          range(({ spendSaid, spent }) => spendSaid / spent, 2),
          `${rows.filter(({ isCovered }) => isCovered).length} of ${rows.length}`,
          range(({ trainSeconds }) => trainSeconds, 1),
        ];
      }),
    ),
    ...(['all', 'active'] as const).flatMap((group) => [
      `## Beside simple forecasts: ${group} customers`,
      '',
      'Mean ROC-AUC / Brier / log-loss / calibration error.',
      '',
      ...table(
        ['shop', ...FORECASTERS],
        kinds.map((kind) => [kind, ...FORECASTERS.map((name) => besideText(rowsOf(kind), group, name))]),
      ),
    ]),
  ].join('\n');
}

function besideText(rows: readonly Trial[], group: 'all' | 'active', name: Forecaster): string {
  const mean = (key: 'rocAuc' | 'brier' | 'logLoss' | 'calibrationError') =>
    meanOf(rows.map((trial) => trial[group][name][key])).toFixed(3);
  return `${mean('rocAuc')} / ${mean('brier')} / ${mean('logLoss')} / ${mean('calibrationError')}`;
}

function rangeText(values: readonly number[], digits: number): string {
  const text = (value: number) => value.toFixed(digits).replace('-', '−');
  if (values.length === 1) return text(values[0]);
  return `${text(meanOf(values))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
