import type { DataSource } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { dayNumber } from './calendar-day.ts';

/** The day that is asked for, by default the last order's. @throws INVALID_ARGUMENT if nobody had ordered by then */
export async function resolveAsOf(data: DataSource, requested: string | undefined): Promise<string> {
  const { firstOrderDate, lastOrderDate } = await data.summary();
  const asOf = requested ?? lastOrderDate;
  if (dayNumber(asOf) >= dayNumber(firstOrderDate)) return asOf;
  throw new ChurnMcpError('INVALID_ARGUMENT', `There are no orders on or before ${asOf}.`, {
    hint: `Choose an as_of from ${firstOrderDate} to ${lastOrderDate}, the dates of the first and last order.`,
  });
}

/**
 * The same for labels that look at what happened until that day. After the last order nobody is seen to order, so such
 * labels would say that everybody stopped.
 *
 * @throws INVALID_ARGUMENT if the orders end before, too
 */
export async function resolveLabelledAsOf(data: DataSource, requested: string | undefined): Promise<string> {
  const asOf = await resolveAsOf(data, requested);
  const { lastOrderDate } = await data.summary();
  if (dayNumber(asOf) <= dayNumber(lastOrderDate)) return asOf;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `The orders end on ${lastOrderDate}, so who ordered until ${asOf} is not known.`,
    { hint: `Choose an as_of up to ${lastOrderDate}, leave it out, or import the newer orders.` },
  );
}
