/** Assembles all services over one home folder. */
import type { ToolContext } from '../mcp/tool-context.ts';
import { createBatchService } from './batch-service.ts';
import { createCampaignService } from './campaign-service.ts';
import { createChurnService } from './churn-service.ts';
import { createExportService, exportFolderOf } from './export-service.ts';
import { createFreshnessService } from './freshness-service.ts';
import { HomeWatcher } from './home-watcher.ts';
import { createImportService } from './import-service.ts';
import { createModelService } from './model-service.ts';
import { createOverviewService } from './overview-service.ts';
import { createRecommendationService } from './recommendation-service.ts';
import { createServiceParts } from './service-parts.ts';
import type { Services, ServicesOptions } from './services.ts';
import { createShopService } from './shop-service.ts';
import { createTableService } from './table-service.ts';

export function createServices(options: ServicesOptions): Services {
  const parts = createServiceParts(options);
  const { home, data, registry, trainer } = parts;
  const watcher = new HomeWatcher(home);
  const churn = createChurnService(parts);
  const recommendations = createRecommendationService(parts);
  const tables = createTableService(parts);
  const models = createModelService(registry);
  const campaigns = createCampaignService(parts);
  const shop = createOverviewService(parts);
  const imports = createImportService(parts);
  const exports = createExportService(parts);
  const freshness = createFreshnessService(parts);

  return {
    home,
    data,
    registry,
    trainer,
    watcher,
    shop: createShopService(parts),
    async readExport(name) {
      const { readExport } = await import('../files/export-folder.ts');
      return await readExport(exportFolderOf(parts), name);
    },
    context: (call) => ({
      ...call,
      churn,
      tables,
      shop,
      data: imports,
      freshness,
      exports,
      recommendations,
      models,
      campaigns,
      charts,
    }),
    ...createBatchService(parts),
    async [Symbol.asyncDispose]() {
      watcher[Symbol.dispose]();
      await parts[Symbol.asyncDispose]();
    },
  };
}

const charts: ToolContext['charts'] = {
  async pictures(card) {
    // Curves of who left say nothing about whom an offer persuades.
    if (card.details.kind === 'uplift') return [];
    const { curvePicture } = await import('../charts/curve-picture.ts');
    const { calibrationPicture } = await import('../charts/calibration-picture.ts');
    const drawn = [await calibrationPicture(card), await curvePicture(card)];
    return drawn.flatMap((png) =>
      png ? [{ data: Buffer.from(png).toString('base64'), mimeType: 'image/png' }] : [],
    );
  },
};
