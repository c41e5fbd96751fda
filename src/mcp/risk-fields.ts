/** The fields of a list of customers at risk that do not depend on where the customers come from. */
import { plainText } from '../text/plain-text.ts';
import { profileFieldsOf } from './profile-fields.ts';
import { nextOffset } from './result-size.ts';
import type { AtRiskCustomer, AtRiskResult, TableRisk } from './tool-context.ts';

type Sums = Pick<
  AtRiskResult | TableRisk,
  'campaign' | 'totals' | 'listable' | 'listableCustomers' | 'leastProbability' | 'trainedNow'
>;

/** Where the list goes on after so many rows of a page; in the text only if fewer are shown than were found. */
export function pageEnd(
  found: Sums & { readonly customers: readonly unknown[] },
  offset: number,
  rows: number,
) {
  return {
    cutAt: rows < found.customers.length ? offset + rows : undefined,
    nextOffset: nextOffset({ offset, rows, total: found.listableCustomers }),
  };
}

/** @param money what is shown of an amount */
export function riskFieldsOf<Shown>(
  { campaign, totals, listable, listableCustomers, leastProbability, trainedNow }: Sums,
  money: (amount: number) => Shown,
) {
  return {
    campaign: campaign
      ? {
          customers: campaign.customers,
          expected_profit: campaign.profit?.expected ?? null,
          low: campaign.profit?.low ?? null,
          high: campaign.profit?.high ?? null,
        }
      : null,
    total_value_at_risk: money(totals.valueAtRisk),
    total_value_low: money(totals.low),
    total_value_high: money(totals.high),
    listed_customers: listableCustomers,
    listed_value_at_risk: money(listable.valueAtRisk),
    listed_value_low: money(listable.low),
    listed_value_high: money(listable.high),
    more_likely_than_not: totals.moreLikelyThanNot,
    least_probability: leastProbability,
    trained_now: trainedNow,
  };
}

/** One customer of a list. */
export function atRiskFieldsOf(customer: AtRiskCustomer, reasons: readonly string[]) {
  const { contact, value, expectedProfit, uplift } = customer;
  const { total_spent, total_orders, last_order_date, days_since_last_order } = profileFieldsOf(
    customer.profile,
  );
  return {
    customer_id: customer.customerId,
    ...(contact?.name !== undefined && { name: plainText(contact.name) }),
    ...(contact?.email !== undefined && { email: plainText(contact.email) }),
    churn_probability: customer.churnProbability,
    value_at_risk: customer.valueAtRisk,
    expected_value: value?.expected ?? null,
    next_order: value?.nextOrder.expected ?? null,
    ...(expectedProfit !== undefined && { expected_profit: expectedProfit }),
    ...(uplift !== undefined && { uplift }),
    total_spent,
    total_orders,
    last_order_date,
    days_since_last_order,
    reasons: [...reasons],
  };
}
