import type { Tool } from '../src/mcp/tool.ts';
import { cancelJob } from './cancel-job.ts';
import { explainChurnRisk } from './explain-churn-risk.ts';
import { findCustomers } from './find-customers.ts';
import { getAtRiskCustomers } from './get-at-risk-customers.ts';
import { getCampaignResults } from './get-campaign-results.ts';
import { getChurnMetrics } from './get-churn-metrics.ts';
import { getCohortRetention } from './get-cohort-retention.ts';
import { getJob } from './get-job.ts';
import { getProductRecommendations } from './get-product-recommendations.ts';
import { getShopOverview } from './get-shop-overview.ts';
import { importData } from './import-data.ts';
import { listModels } from './list-models.ts';
import { makeDemoShop } from './make-demo-shop.ts';
import { planCampaign } from './plan-campaign.ts';
import { promoteModel } from './promote-model.ts';
import { showChurnDashboard } from './show-churn-dashboard.ts';
import { startCampaign } from './start-campaign.ts';
import { trainChurnModel } from './train-churn-model.ts';
import { trainRecommendationModel } from './train-recommendation-model.ts';
import { trainUpliftModel } from './train-uplift-model.ts';

/** The order in which clients list the tools: the most common questions first. */
export const TOOLS: readonly Tool[] = [
  getShopOverview,
  getAtRiskCustomers,
  explainChurnRisk,
  getProductRecommendations,
  planCampaign,
  startCampaign,
  getCampaignResults,
  findCustomers,
  getCohortRetention,
  getChurnMetrics,
  showChurnDashboard,
  importData,
  makeDemoShop,
  trainChurnModel,
  trainRecommendationModel,
  trainUpliftModel,
  listModels,
  promoteModel,
  getJob,
  cancelJob,
];
