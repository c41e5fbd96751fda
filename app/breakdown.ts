/** Quality in detail: compared with simple rules, by group of customers, and in use. */
import type { Metrics } from './answers.ts';
import { element, table } from './elements.ts';
import { count, percent, plural, score } from './numbers.ts';
import { baselineName } from './terms.ts';

export function breakdown(metrics: Metrics): HTMLElement[] {
  return [...rankingTable(metrics), ...groupsTable(metrics), ...inUse(metrics)];
}

/** Recommendations: what buyers found among the first products, compared with simple rules. */
function rankingTable({ ranking }: Metrics): HTMLElement[] {
  const rows = Object.entries(ranking ?? {}).map(([name, figures]) => ({
    name: baselineName(name),
    ...figures,
  }));
  const [first] = rows;
  if (first === undefined) return [];
  return [
    element(
      'section',
      { class: 'card' },
      element('h3', {}, 'Recommendations compared with simple rules'),
      element(
        'p',
        { class: 'note' },
        `What ${plural(first.buyers, 'later buyer')} found among their first products.`,
      ),
      table(
        'Recommendations compared with simple rules',
        [
          { heading: '', cell: ({ name }) => name, isHeading: true },
          { heading: 'Bought one of 5', cell: (row) => percent(row.hit_rate_at_5, 1), isNumber: true },
          {
            heading: 'The same, new to them',
            cell: (row) => percent(row.new_hit_rate_at_5, 1),
            isNumber: true,
          },
          { heading: 'Of purchases in 10', cell: (row) => percent(row.recall_at_10, 1), isNumber: true },
          { heading: 'NDCG at 10', cell: (row) => score(row.ndcg_at_10), isNumber: true },
        ],
        rows,
        { stacks: true },
      ),
    ),
  ];
}

function groupsTable({ groups }: Metrics): HTMLElement[] {
  if (groups.length === 0) return [];
  return [
    element(
      'section',
      { class: 'card' },
      element('h3', {}, 'By group of customers'),
      element('p', { class: 'note' }, 'A model can be good on average and weak for an important group.'),
      table(
        'Quality by group of customers',
        [
          { heading: 'Orders', cell: ({ name }) => name, isHeading: true },
          { heading: 'Customers', cell: ({ customers }) => count(customers), isNumber: true },
          { heading: 'Predicted', cell: ({ predicted_rate }) => percent(predicted_rate), isNumber: true },
          { heading: 'Left', cell: ({ churn_rate }) => percent(churn_rate), isNumber: true },
          {
            heading: 'ROC-AUC',
            cell: ({ roc_auc }) => (roc_auc === undefined ? '–' : score(roc_auc)),
            isNumber: true,
          },
        ],
        groups,
        { stacks: true },
      ),
    ),
  ];
}

/** How past predictions turned out. */
function inUse({ live_accuracy: live }: Metrics): HTMLElement[] {
  if (live === undefined) return [];
  const ranked = live.roc_auc === undefined ? '' : `, ROC-AUC ${score(live.roc_auc)}`;
  const text = `As of ${live.as_of} it gave ${plural(live.customers, 'customer')} a risk of ${percent(live.predicted_rate)} on average, and ${percent(live.churn_rate)} left${ranked}; Brier score ${live.brier.toFixed(4)}.`;
  return [element('section', { class: 'card' }, element('h3', {}, 'In use'), element('p', {}, text))];
}
