import { currentDataIfAny, type ServiceParts } from './service-parts.ts';
import type { ShopService } from './services.ts';

export function createShopService(parts: ServiceParts): ShopService {
  return {
    async describe() {
      const { readTableSummary } = await import('../data/feature-table/feature-table-home.ts');
      const data = await currentDataIfAny(parts);
      return { summary: await data?.summary(), table: await readTableSummary(parts.home) };
    },
    async segments() {
      const { summarizeSegments } = await import('../recommend/segment-summary.ts');
      const data = await parts.data.current();
      const [segments, summary] = await Promise.all([summarizeSegments(data), data.summary()]);
      return { segments, asOf: summary.lastOrderDate };
    },
  };
}
