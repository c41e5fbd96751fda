/** The imported data as Markdown, for readers who want to know what the answers are based on. */
import type { DataSummary } from '../data/data-source.ts';
import type { TableSummary } from '../data/feature-table/feature-table.ts';
import { leftOutText } from '../data/left-out-rows.ts';
import type { SegmentSummary } from '../recommend/segment-summary.ts';
import { formatAmount, formatCount, formatPercent, plural } from '../text/format.ts';
import { quoted } from '../text/quoted.ts';

export function dataMarkdown(shop: DataSummary | undefined, table: TableSummary | undefined): string {
  const lines = [
    '# Imported data',
    '',
    ...(shop ? shopLines(shop) : ['No orders have been imported.']),
    ...(table ? ['', ...tableLines(table)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function shopLines(shop: DataSummary): string[] {
  const { customers, orders, orderItems, products, firstOrderDate, lastOrderDate } = shop;
  return [
    `${plural(orders, 'order')} of ${plural(customers, 'customer')}, from ${firstOrderDate} to ${lastOrderDate}.`,
    shop.hasItems
      ? `${plural(orderItems, 'order line')} of ${plural(products, 'product')}${shop.hasCategories ? ', with categories' : ''}.`
      : 'No order lines, so there are no product recommendations.',
    ...(shop.leftOut === undefined ? [] : [`Rows that do not count: ${leftOutText(shop.leftOut)}.`]),
    `Fingerprint: ${shop.fingerprint.slice(0, 16)} (the same orders give the same).`,
  ];
}

function tableLines({ rows, churned, target, positive, columns, left_out }: TableSummary): string[] {
  return [
    `A table of ${plural(rows, 'customer')} with ${plural(columns.length, 'column')} to learn from${left_out.length > 0 ? ` (${formatCount(left_out.length)} left out)` : ''}.`,
    `Churned: ${quoted(target)} is ${quoted(positive)}, ${formatPercent(churned / rows)} of them.`,
  ];
}

export function segmentsMarkdown(segments: readonly SegmentSummary[], asOf: string): string {
  const customers = segments.reduce((sum, segment) => sum + segment.customers, 0);
  const lines = [
    `# Customer segments as of ${asOf}`,
    '',
    '| segment | who | customers | share | spent in all | days since the last order, mean |',
    '|---|---|---|---|---|---|',
    ...segments.map((one) =>
      [
        '',
        ` ${one.segment} `,
        ` ${one.label} `,
        ` ${formatCount(one.customers)} `,
        ` ${formatPercent(customers === 0 ? 0 : one.customers / customers)} `,
        ` ${formatAmount(one.totalSpent)} `,
        ` ${one.customers === 0 ? '–' : formatCount(Math.round(one.meanDaysSinceLastOrder))} `,
        '',
      ].join('|'),
    ),
    '',
    'A customer is in the first segment whose rule fits. get_product_recommendations takes these names.',
  ];
  return `${lines.join('\n')}\n`;
}

export function segmentMarkdown(segment: SegmentSummary, asOf: string): string {
  const { customers, totalSpent, totalOrders, meanDaysSinceLastOrder } = segment;
  const figures =
    customers === 0
      ? `No customer is in it as of ${asOf}.`
      : `${plural(customers, 'customer')} as of ${asOf}: ${plural(totalOrders, 'order')}, ${formatAmount(totalSpent)} spent in all, ${plural(Math.round(meanDaysSinceLastOrder), 'day')} since the last order on average.`;
  return `# ${segment.segment}\n\n${segment.label}\n\n${figures}\n`;
}
