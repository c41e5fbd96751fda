/** What a page says if the home has a table of customers and no orders. */
import { element } from './elements.ts';

const WHY = {
  retention: 'Retention follows the orders of each month’s new customers.',
  campaigns: 'A campaign is planned and measured by what customers order.',
  offers: 'Recommendations choose products by what customers ordered.',
} as const;

export function needsOrders(page: keyof typeof WHY): HTMLElement[] {
  const text =
    page === 'offers'
      ? 'Import the orders and their lines, in chat (“Import orders.csv and lines.csv”) or at a terminal:'
      : 'Import the orders, in chat (“Import orders.csv”) or at a terminal:';
  const files = page === 'offers' ? '--orders orders.csv --order-items lines.csv' : '--orders orders.csv';
  return [
    element('p', {}, `${WHY[page]} So far there is a table of customers and no orders.`),
    element('p', { class: 'note' }, text),
    element('pre', {}, `churn-mcp import ${files}`),
  ];
}
