/** A model card as Markdown: what a model is for, what it learnt from, how good it is and what its limits are. */
import type { CardDetails, DetailFields } from '../registry/card-details.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { formatCount, formatPercent, plural } from '../text/format.ts';
import { plainText } from '../text/plain-text.ts';
import { evaluationText } from './evaluation-text.ts';
import { markdownTable } from './markdown-table.ts';
import { labelText } from './metrics-text.ts';
import { evaluationCutoffOf } from './schemas.ts';

const USE: Readonly<Record<CardDetails['kind'], string>> = {
  inactivity:
    'Describes who has gone quiet, as the reference system does. Not for choosing whom to win back: it looks at the past.',
  forward:
    'Ranks customers by the risk that they stop ordering, so that the most valuable ones at risk are contacted first. Risk is not persuadability: whether a contact helps has to be tested.',
  purchase: 'Ranks products for each customer by the chance that they buy them.',
  uplift:
    'Ranks customers by how much an offer raises their chance to order, so that those whom it persuades are contacted and those who order anyway are not.',
  column: 'Ranks customers of an imported table by the risk that they leave. Risk is not persuadability.',
};

const MOST_FEATURES = 15;

export function cardMarkdown(card: ModelCard): string {
  const { data, features, params, files } = card;
  const details: DetailFields = card.details;
  return [
    `# ${card.model} ${card.version}`,
    '',
    `Registered ${card.created_at}.${card.comment === '' ? '' : ` ${escaped(card.comment)}`}`,
    '',
    '## Intended use',
    '',
    `${escaped(labelText(card))} ${USE[card.details.kind]}`,
    '',
    '## Data',
    '',
    ...markdownTable(['', ''], dataRows(card)),
    '',
    '## How good it is',
    '',
    '```',
    evaluationText(card),
    '```',
    '',
    ...(card.details.kind === 'uplift' ? [] : calibrationTable(card)),
    '',
    '## What it goes by',
    '',
    ...importanceTable(card),
    '',
    '## Limits',
    '',
    ...limitsOf(card),
    '',
    '## Made of',
    '',
    `${plural(features.length, 'feature')}, ${details.recipe ?? 'trees'}; ${parameterText(params)}.`,
    '',
    ...markdownTable(
      ['file', 'SHA-256'],
      Object.entries(files).map(([name, hash]) => [name, `\`${hash}\``]),
    ),
    '',
    `Data fingerprint \`${data.fingerprint}\`.`,
    '',
  ].join('\n');
}

function calibrationTable(card: ModelCard): string[] {
  return markdownTable(
    ['probability', 'predicted', 'came true', 'rows'],
    card.metrics.calibration.map(({ predicted, observed, count }, i) => [
      `${i + 1}`,
      formatPercent(predicted),
      formatPercent(observed),
      formatCount(count),
    ]),
  );
}

function importanceTable({ feature_importance }: ModelCard): string[] {
  const strongest = [...feature_importance]
    .sort((a, b) => b.importance - a.importance || (a.feature < b.feature ? -1 : 1))
    .slice(0, MOST_FEATURES);
  return markdownTable(
    ['feature', 'share of gain'],
    strongest.map(({ feature, importance }) => [escaped(feature), formatPercent(importance)]),
  );
}

function limitsOf(card: ModelCard): string[] {
  const { warnings } = card;
  const details: DetailFields = card.details;
  return [
    ...(warnings.length > 0
      ? warnings.map(({ code, message }) => `- **${code}**: ${escaped(message)}`)
      : ['- No warning was found in training.']),
    ...(details.table?.left_out ?? []).map(
      ({ name, reason }) => `- Column ${escaped(name)} was left out: ${reason}.`,
    ),
    `- Judged ${card.evaluation === 'later_slice' ? 'on a later period' : 'on rows set aside at random'}; figures of another shop or season may differ.`,
  ];
}

function dataRows(card: ModelCard): string[][] {
  const { orders, windows, imported }: DetailFields = card.details;
  const days = (cutoffs: readonly string[]) => [...cutoffs].sort().join(', ');
  const trained = `${plural(card.training_samples, 'row')}${windows ? ` as of ${days(windows.train_cutoffs)}` : ''}`;
  return [
    ['data up to', card.as_of],
    ['customers', formatCount(card.data.customers)],
    ...(orders
      ? [['orders', `${formatCount(orders.count)}, ${orders.first_date} to ${orders.last_date}`]]
      : []),
    [
      'trained on',
      imported
        ? `rows unknown here, with XGBoost ${escaped(imported.version)}, before it was imported`
        : trained,
    ],
    [
      'judged on',
      card.evaluation === 'later_slice'
        ? `${plural(card.test_samples, 'row')} after ${evaluationCutoffOf(card)}`
        : `${plural(card.test_samples, 'row')} set aside at random`,
    ],
    ...(windows?.refit_cutoffs ? [['fitted again on', days(windows.refit_cutoffs)]] : []),
  ];
}

function parameterText(params: ModelCard['params']): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** Text from a shop's data on one line, with all Markdown escaped. */
function escaped(text: string): string {
  return plainText(text, 500).replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&');
}
