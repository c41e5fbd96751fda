import { addDays } from '../features/calendar-day.ts';

/** The campaign that the demo shows: an offer to customers of the demo shop, some of whom it keeps by a known rule. */
export const DEMO_CAMPAIGN = {
  name: 'Voucher',
  contact_cost: 1,
  offer_cost: 10,
  margin: 0.3,
  horizon_days: 60,
  seed: 42,
} as const;

/** The day of the contact, so that the horizon has passed by the day of the last order. */
export function demoContactDate(lastOrderDate: string): string {
  return addDays(lastOrderDate, -DEMO_CAMPAIGN.horizon_days);
}
