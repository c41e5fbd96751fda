/** Questions about the customers of an imported table. */
import type { CallOptions, ToolContext } from '../mcp/tool-context.ts';
import type { TableEnvironment } from '../scoring/table-at-risk.ts';
import { borrowDataIfAny, type ServiceParts } from './service-parts.ts';

const MODEL = 'customer_churn_column';

type TableService = ToolContext['tables'];

export function createTableService(parts: ServiceParts): TableService {
  return {
    async isOnlyData() {
      const { readTableSummary } = await import('../data/feature-table/feature-table-home.ts');
      if ((await readTableSummary(parts.home)) === undefined) return false;
      await using borrowed = await borrowDataIfAny(parts);
      return borrowed === undefined;
    },
    async atRisk({ version, ...request }, call) {
      const { findAtRiskInTable } = await import('../scoring/table-at-risk.ts');
      const { trainedNow, ...env } = await openModel(parts, version, call);
      return { ...(await findAtRiskInTable(request, env)), trainedNow };
    },
    async explain({ customerId, version }, call) {
      const { explainTableCustomer } = await import('../scoring/explain-table-customer.ts');
      const { trainedNow, ...env } = await openModel(parts, version, call);
      return { ...(await explainTableCustomer(String(customerId), env)), trainedNow };
    },
  };
}

/** The named version or the champion; trains one if there is none. */
async function openModel(
  { home, registry, trainings, scorers }: ServiceParts,
  version: string | undefined,
  call: CallOptions,
): Promise<TableEnvironment & { readonly trainedNow: boolean }> {
  const { readFeatureTable } = await import('../data/feature-table/feature-table-home.ts');
  const wanted = version ?? (await scorers.championOf(MODEL));
  // A home without a table is told before a training that could only fail.
  if (wanted === undefined) await readFeatureTable(home, call.signal);
  const trainedNow = wanted === undefined && (await trainings.ensureChampion(MODEL, call));
  return { home, version: await registry.load(MODEL, wanted), signal: call.signal, trainedNow };
}
