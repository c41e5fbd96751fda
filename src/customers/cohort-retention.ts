/** How retention and trade develop, by month. */
import { z } from 'zod';
import { withRelations } from '../data/compose-statement.ts';
import type { DataSource, Relation } from '../data/data-source.ts';
import { monthsBetween } from '../features/calendar-day.ts';
import { type FilterRequest, openFiltered } from './customer-filter.ts';

const cellSchema = z.object({
  group_name: z.string(),
  first_order_month: z.string(),
  months_since: z.number(),
  customers: z.number(),
  orders: z.number(),
  revenue: z.number(),
});

/** Customers whose first order fell in one month. */
export interface Cohort {
  /** YYYY-MM. */
  readonly month: string;
  readonly customers: number;
  /** One entry per month that has passed, month 0 first. */
  readonly months: readonly CohortMonth[];
}

export interface CohortMonth {
  /** Customers of the cohort who ordered in the month. */
  readonly customers: number;
  readonly orders: number;
  readonly revenue: number;
}

/** The latest cohorts of customers who match a filter, oldest first; a month without orders counts as zero. */
export async function readCohorts(
  data: DataSource,
  request: FilterRequest & { readonly most: number },
): Promise<Cohort[]> {
  const groups = await readCohortsOfGroups(data, { ...request, by: '', mostGroups: 1 });
  const [cohorts = []] = groups.values();
  return cohorts;
}

export interface CohortsOfGroupsRequest extends FilterRequest {
  /** Months of first orders at most, the latest. */
  readonly most: number;
  /** `segment`, `customer_segment`, the name of an attribute, or '' for one group of all who match. */
  readonly by: string;
  readonly mostGroups: number;
}

/** The same of each group, by name; the largest group first. The months of first orders are the same for all groups. */
export async function readCohortsOfGroups(
  data: DataSource,
  { most, by, mostGroups, ...request }: CohortsOfGroupsRequest,
): Promise<Map<string, Cohort[]>> {
  const { asOf, signal } = request;
  const file = 'portable/reads/cohort_retention';
  await using day = await openFiltered(data, request, [file]);
  const groups: Relation[] = [
    { name: 'latest_attributes', file: 'portable/reads/customer_attributes', values: [asOf, by] },
    { name: 'customer_groups', file: 'portable/reads/customer_groups', values: [by] },
  ];
  const statement = day.statement(withRelations(groups, { file, values: [mostGroups, most] }));
  const cells = await day.data.rows({ ...statement, signal }, cellSchema);
  const byGroup = grouped(cells, ({ group_name }) => group_name);
  return new Map([...byGroup].map(([name, found]) => [name, cohortsOf(found, asOf)]));
}

function cohortsOf(cells: readonly Cell[], asOf: string): Cohort[] {
  return [...grouped(cells, monthOf)].map(([month, found]) => {
    const bySince = new Map(found.map((cell) => [cell.months_since, cell]));
    const passed = monthsBetween(month, asOf);
    const months = Array.from({ length: passed + 1 }, (_, since) => {
      const { customers = 0, orders = 0, revenue = 0 } = bySince.get(since) ?? {};
      return { customers, orders, revenue };
    });
    return { month, customers: months[0].customers, months };
  });
}

type Cell = z.output<typeof cellSchema>;

function monthOf(cell: Cell): string {
  return cell.first_order_month.slice(0, 7);
}

/** In the order in which the groups begin. */
function grouped(cells: readonly Cell[], nameOf: (cell: Cell) => string): Map<string, Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const found = groups.get(nameOf(cell));
    if (found) found.push(cell);
    else groups.set(nameOf(cell), [cell]);
  }
  return groups;
}

const tradeSchema = z.object({
  order_month: z.string().transform((day) => day.slice(0, 7)),
  customers: z.number(),
  new_customers: z.number(),
  orders: z.number(),
  revenue: z.number(),
});
/** One month of trade: who ordered, how often, for how much. */
export type MonthOfTrade = z.output<typeof tradeSchema>;

/** The latest months with orders of customers who match a filter, oldest first. */
export async function readTradeByMonth(
  data: DataSource,
  { most, ...request }: FilterRequest & { readonly most: number },
): Promise<MonthOfTrade[]> {
  const { signal } = request;
  const file = 'portable/reads/trade_by_month';
  await using day = await openFiltered(data, request, [file]);
  const statement = day.statement({ file, values: [most] });
  return day.data.rows({ ...statement, signal }, tradeSchema);
}
