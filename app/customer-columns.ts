/** The columns that every table of customers who may leave begins with. */
import type { AtRisk } from './answers.ts';
import { type Column, meter } from './elements.ts';

type Customer = AtRisk['customers'][number];

/** Who it is, and how likely they leave. */
export const CUSTOMER_AND_RISK: readonly Column<Customer>[] = [
  {
    heading: 'Customer',
    cell: ({ customer_id, name }) => (name === undefined ? String(customer_id) : `${customer_id}, ${name}`),
    isHeading: true,
  },
  { heading: 'Leaves', cell: ({ churn_probability }) => meter(churn_probability), isNumber: true },
];
