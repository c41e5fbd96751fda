/** The columns that every table of customers who may leave begins with. */
import { type Column, element, meter } from './elements.ts';

interface Customer {
  readonly customer_id: number | string;
  readonly name?: string | undefined;
  readonly churn_probability: number;
}

/** Who it is, and how likely they leave. If customers have a page, their name opens it. */
export function customerAndRisk<Row extends Customer>(open?: (id: string) => void): readonly Column<Row>[] {
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
