import type { CustomerFilter } from '../customers/customer-filter.ts';
import { filterText } from '../customers/filter-text.ts';
import type { CustomerPage } from '../customers/find-customers.ts';
import { agoText, formatAmount, formatCount, formatWhole, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';

/** Customers who match conditions: how many, what they spent, then the list. */
export function findCustomersText(
  { asOf, customers, totalCustomers, totalSpent }: CustomerPage,
  { filter, offset }: { readonly filter: CustomerFilter; readonly offset: number },
): string {
  const who = filterText(filter);
  if (totalCustomers === 0) return `No customers${who} had ordered by ${asOf}.`;
  const headline = `${plural(totalCustomers, 'customer')}${who} as of ${asOf}. ${totalCustomers === 1 ? 'This customer has' : 'They have'} spent ${formatWhole(totalSpent)} in all.`;
  if (customers.length === 0)
    return `${headline} Offset ${formatCount(offset)} is beyond the end of the list.`;
  const last = offset + customers.length;
  return [
    headline,
    ...customers.map(
      (customer, i) =>
        `${formatCount(offset + i + 1)}. Customer ${inertMarkdown(String(customer.customerId))}: ${plural(customer.totalOrders, 'order')}, ${formatAmount(customer.totalSpent)}, the last on ${customer.lastOrderDate} (${agoText(customer.daysSinceLastOrder)}).`,
    ),
    ...(last < totalCustomers ? [`The list goes on: offset ${last} shows the next.`] : []),
  ].join('\n');
}
