/** Questions about all customers: how the shop is doing, who matches conditions, how retention develops. */
import type { DataSource } from '../data/data-source.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import type { ShopOverview } from '../scoring/shop-overview.ts';
import { AnswerCache } from './answer-cache.ts';
import { forecastIfAny, overviewOf } from './first-overview.ts';
import type { ServiceParts } from './service-parts.ts';

export function createOverviewService(parts: ServiceParts): ToolContext['shop'] {
  const overviews = new AnswerCache<ShopOverview>();
  return {
    async overview(request, { signal }) {
      await using borrowed = await parts.data.borrow();
      const { data } = borrowed;
      const forecast = await forecastIfAny(parts, data, { signal });
      const key = [forecast?.version.card.version, request];
      return await overviews.findOnce(data, key, () =>
        overviewOf(parts.home, request, { data, forecast, signal }),
      );
    },
    async cohorts(request, { signal }) {
      const { readCohorts } = await import('../customers/cohort-retention.ts');
      const { readChurnByMonth } = await import('../customers/churn-by-month.ts');
      const horizonDays = await horizonOfForecast(parts);
      return onDay(parts, request.asOf, async (data, asOf) => ({
        asOf,
        horizonDays,
        cohorts: await readCohorts(data, { ...request, asOf, signal }),
        churn: await readChurnByMonth(data, { ...request, asOf, horizonDays, signal }),
      }));
    },
    async cohortsBy(request, { signal }) {
      const { readGroupedCohorts } = await import('../customers/grouped-cohorts.ts');
      return onDay(parts, request.asOf, async (data, asOf) => ({
        asOf,
        groups: await readGroupedCohorts(data, { ...request, asOf, signal }),
      }));
    },
    async find(request, { signal }) {
      const { findCustomers } = await import('../customers/find-customers.ts');
      await using borrowed = await parts.data.borrow();
      return await findCustomers(request, { data: borrowed.data, signal });
    },
  };
}

/** Reads the data as of a day, the last order's by default. */
async function onDay<Answer>(
  parts: ServiceParts,
  requested: string | undefined,
  read: (data: DataSource, asOf: string) => Promise<Answer>,
): Promise<Answer> {
  const { resolveAsOf } = await import('../features/as-of-day.ts');
  await using borrowed = await parts.data.borrow();
  return await read(borrowed.data, await resolveAsOf(borrowed.data, requested));
}

/** Days without an order after which a customer has lapsed, as the overview counts. */
async function horizonOfForecast({ scorers, registry }: ServiceParts): Promise<number> {
  const { horizonDaysOf } = await import('../scoring/active-customers.ts');
  const version = await scorers.championOf('customer_churn_forecast');
  if (version === undefined) return horizonDaysOf(undefined);
  return horizonDaysOf(await registry.card('customer_churn_forecast', version));
}
