import { borrowDataIfAny, type ServiceParts } from './service-parts.ts';
import type { ShopService } from './services.ts';

export function createShopService(parts: ServiceParts): ShopService {
  return {
    async describe() {
      const { readTableSummary } = await import('../data/feature-table/feature-table-home.ts');
      await using borrowed = await borrowDataIfAny(parts);
      return { summary: await borrowed?.data.summary(), table: await readTableSummary(parts.home) };
    },
    async segments() {
      const { summarizeSegments } = await import('../recommend/segment-summary.ts');
      await using borrowed = await parts.data.borrow();
      const { data } = borrowed;
      const [segments, summary] = await Promise.all([summarizeSegments(data), data.summary()]);
      return { segments, asOf: summary.lastOrderDate };
    },
  };
}
