/** A model card as Markdown: what a model is for, what it learnt from, how good it is and where it ends. */
import type { ModelCard } from '../registry/model-card.ts';
import { plainText } from '../text/plain-text.ts';
import { evaluationText } from './evaluation-text.ts';
import { formatCount, formatPercent } from './format.ts';
import { labelText } from './metrics-text.ts';

const USE: Readonly<Record<ModelCard['label']['kind'], string>> = {
  inactivity:
    'Describes who has gone quiet, as the reference system does. Not for choosing whom to win back: it looks at the past.',
  forward:
    'Ranks customers by the risk that they stop ordering, so that the most valuable ones at risk are contacted first. Risk is not persuadability: whether a contact helps has to be tested.',
  purchase: 'Ranks products for each customer by the chance that they buy them.',
  column: 'Ranks customers of an imported table by the risk that they leave. Risk is not persuadability.',
};

export function cardMarkdown(card: ModelCard): string {
  const { windows, data, features, params, feature_importance, warnings, files } = card;
  const importance = [...feature_importance]
    .sort((a, b) => b.importance - a.importance || (a.feature < b.feature ? -1 : 1))
    .slice(0, 15);
  return [
    `# ${card.model} ${card.version}`,
    '',
    `Registered ${card.created_at}.${card.comment === '' ? '' : ` ${escaped(card.comment)}`}`,
    '',
    '## Intended use',
    '',
    `${escaped(labelText(card))} ${USE[card.label.kind]}`,
    '',
    '## Data',
    '',
    ...table(['', ''], dataRows(card)),
    '',
    '## How good it is',
    '',
    '```',
    evaluationText(card),
    '```',
    '',
    ...table(
      ['probability', 'predicted', 'came true', 'rows'],
      card.metrics.calibration.map(({ predicted, observed, count }, i) => [
        `${i + 1}`,
        formatPercent(predicted),
        formatPercent(observed),
        formatCount(count),
      ]),
    ),
    '',
    '## What it goes by',
    '',
    ...table(
      ['feature', 'share of gain'],
      importance.map(({ feature, importance: share }) => [escaped(feature), formatPercent(share)]),
    ),
    '',
    '## Limits',
    '',
    ...(warnings.length > 0
      ? warnings.map(({ code, message }) => `- **${code}**: ${escaped(message)}`)
      : ['- No warning was found in training.']),
    ...(card.table?.left_out ?? []).map(
      ({ name, reason }) => `- Column ${escaped(name)} was left out: ${reason}.`,
    ),
    `- Judged ${windows.evaluation === 'later_slice' ? 'on a later period' : 'on rows set aside at random'}; figures of another shop or season may differ.`,
    '',
    '## Made of',
    '',
    `${features.length} features, ${card.recipe ?? 'trees'}; ${parameterText(params)}.`,
    '',
    ...table(
      ['file', 'SHA-256'],
      Object.entries(files).map(([name, hash]) => [name, `\`${hash}\``]),
    ),
    '',
    `Data fingerprint \`${data.fingerprint}\`.`,
    '',
  ].join('\n');
}

function dataRows({ as_of, data, windows, training_samples, test_samples, imported }: ModelCard): string[][] {
  return [
    ['data up to', as_of],
    ['customers', formatCount(data.customers)],
    ...(data.orders > 0
      ? [['orders', `${formatCount(data.orders)}, ${data.first_order_date} to ${data.last_order_date}`]]
      : []),
    [
      'trained on',
      imported
        ? `rows of its own, elsewhere, with XGBoost ${escaped(imported.version)}`
        : `${formatCount(training_samples)} rows as of ${[...windows.train_cutoffs].sort().join(', ')}`,
    ],
    ['judged on', `${formatCount(test_samples)} rows after ${windows.evaluation_cutoff}`],
    ...(windows.refit_cutoffs ? [['fitted again on', [...windows.refit_cutoffs].sort().join(', ')]] : []),
  ];
}

function parameterText(params: ModelCard['params']): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Text from a shop's data on one line, with nothing that Markdown would act on. */
function escaped(text: string): string {
  return plainText(text, 500).replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&');
}
