/** The columns that every table of customers who may leave begins with. */
import type { AtRisk } from './answers.ts';
import { type Column, element, meter } from './elements.ts';

type Customer = AtRisk['customers'][number];

/** Who it is, and how likely they leave. If customers have a page, their name opens it. */
export function customerAndRisk(open?: (id: string) => void): readonly Column<Customer>[] {
  const named = ({ customer_id, name }: Customer) =>
    name === undefined ? String(customer_id) : `${customer_id}, ${name}`;
  return [
    {
      heading: 'Customer',
      isHeading: true,
      cell: (customer) => {
        if (open === undefined) return named(customer);
        const button = element('button', { type: 'button', class: 'link' }, named(customer));
        button.addEventListener('click', () => open(String(customer.customer_id)));
        return button;
      },
    },
    { heading: 'Leaves', cell: ({ churn_probability }) => meter(churn_probability), isNumber: true },
  ];
}
