/** Retention by group of customers: by segment, or by what the import kept, such as the channel. */
import type { DataSource } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted, quotedList } from '../text/quoted.ts';
import { readCustomerAttributes } from './attribute-values.ts';
import { type Cohort, readCohorts } from './cohort-retention.ts';
import {
  type CustomerFilter,
  type FilterRequest,
  findMatching,
  type MatchedCustomer,
} from './customer-filter.ts';

/** Groups that are compared: the largest. */
const MOST_GROUPS = 8;

export interface GroupedCohorts {
  readonly name: string;
  /** In the cohorts below. */
  readonly customers: number;
  /** The same months of first orders for each group. */
  readonly cohorts: readonly Cohort[];
}

interface GroupRequest extends FilterRequest {
  readonly most: number;
  /** `segment`, `customer_segment`, or the name of an attribute. */
  readonly by: string;
}

/**
 * The cohorts of each group of the customers who match, the largest group first.
 *
 * @throws INVALID_ARGUMENT if the shop knows nothing by that name
 */
export async function readGroupedCohorts(
  data: DataSource,
  { by, ...request }: GroupRequest,
): Promise<GroupedCohorts[]> {
  const matched = (await findMatching(data, request)).all();
  const groupOf = await groupsBy(by, data, request);
  const sizes = new Map<string, number>();
  for (const customer of matched) {
    const name = groupOf(customer);
    if (name !== null) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  }
  const largest = [...sizes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_GROUPS);
  const groups: GroupedCohorts[] = [];
  for (const [name] of largest) {
    const filter = withGroup(request.filter, by, name);
    const cohorts = await readCohorts(data, { ...request, filter });
    groups.push({ name, cohorts, customers: cohorts.reduce((sum, { customers }) => sum + customers, 0) });
  }
  return groups;
}

async function groupsBy(
  by: string,
  data: DataSource,
  { asOf, signal }: FilterRequest,
): Promise<(customer: MatchedCustomer) => string | null> {
  if (by === 'segment') return ({ segment }) => segment;
  if (by === 'customer_segment') return ({ customerSegment }) => customerSegment;
  const attributes = await readCustomerAttributes(data, asOf, signal);
  if (attributes.names.includes(by)) return ({ customerId }) => attributes.valueOf(customerId, by);
  throw new ChurnMcpError('INVALID_ARGUMENT', `This shop cannot be grouped by ${quoted(by)}.`, {
    hint: `Group by one of ${quotedList(['segment', 'customer_segment', ...attributes.names])}. Another column of a file is kept with --keep COLUMN at the import.`,
  });
}

function withGroup(filter: CustomerFilter, by: string, name: string): CustomerFilter {
  if (by === 'segment') return { ...filter, segment: name };
  if (by === 'customer_segment') return { ...filter, customerSegment: name };
  return { ...filter, attributes: [...(filter.attributes ?? []), `${by}=${name}`] };
}
