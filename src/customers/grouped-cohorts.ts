/** Retention by group of customers: by segment, or by what the import kept, such as the channel. */
import { z } from 'zod';
import type { DataSource } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted, quotedList } from '../text/quoted.ts';
import { type Cohort, readCohortsOfGroups } from './cohort-retention.ts';
import type { FilterRequest } from './customer-filter.ts';

/** Groups that are compared: the largest. */
const MOST_GROUPS = 8;
/** What every shop can be grouped by. */
const SEGMENTS: readonly string[] = ['segment', 'customer_segment'];

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
 * The cohorts of each group of the customers who match, the largest group first. The import keeps one value per customer, the
 * latest: on a day before it they are in no group.
 *
 * @throws INVALID_ARGUMENT if the shop knows nothing by that name
 */
export async function readGroupedCohorts(
  data: DataSource,
  { by, ...request }: GroupRequest,
): Promise<GroupedCohorts[]> {
  await assertGroups(by, data, request);
  const groups = await readCohortsOfGroups(data, { ...request, by, mostGroups: MOST_GROUPS });
  return [...groups].map(([name, cohorts]) => ({
    name,
    cohorts,
    customers: cohorts.reduce((sum, { customers }) => sum + customers, 0),
  }));
}

async function assertGroups(by: string, data: DataSource, { signal }: FilterRequest): Promise<void> {
  if (SEGMENTS.includes(by)) return;
  const rows = await data.rows(
    { file: 'portable/reads/known_attributes', values: [], signal },
    z.object({ attribute: z.string() }),
  );
  const attributes = rows.map(({ attribute }) => attribute);
  if (attributes.includes(by)) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', `This shop cannot be grouped by ${quoted(by)}.`, {
    hint: `Group by one of ${quotedList([...SEGMENTS, ...attributes])}. Another column of a file is kept with --keep COLUMN at the import.`,
  });
}
