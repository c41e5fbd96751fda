import { DEMO_CALENDAR } from '../data/demo/demo-calendar.ts';
import { addDays } from '../features/calendar-day.ts';

/** The campaign that the demo shows: an offer to customers of the demo shop, some of whom it keeps by a known rule. */
export const DEMO_CAMPAIGN = {
  name: 'Voucher',
  contact_cost: 1,
  offer_cost: 10,
  margin: 0.3,
  /** Two weeks: about half of the active customers order in them by themselves, so a few hundred tell what the offer does. */
  horizon_days: 14,
  seed: 42,
} as const;

/**
 * The day of the contact: its horizon has passed by the day of the last order, and lies outside the yearly sale, in which
 * nearly everybody orders and an offer has nothing to change.
 */
export function demoContactDate(lastOrderDate: string): string {
  const { horizon_days } = DEMO_CAMPAIGN;
  const latest = addDays(lastOrderDate, -horizon_days);
  const { month, day } = DEMO_CALENDAR.saleEnd;
  const pad = (part: number) => String(part).padStart(2, '0');
  const saleEnd = `${lastOrderDate.slice(0, 4)}-${pad(month)}-${pad(day)}`;
  const saleStart = addDays(saleEnd, 1 - DEMO_CALENDAR.saleDays);
  const meetsSale = addDays(latest, 1) <= saleEnd && lastOrderDate >= saleStart;
  return meetsSale ? addDays(saleStart, -1 - horizon_days) : latest;
}
