import { z } from 'zod';
import { textSchema } from '../src/mcp/schemas.ts';
import { DASHBOARD_URI, defineTool } from '../src/mcp/tool.ts';
import { registeredModelSchema } from '../src/registry/model-card.ts';
import { CHAMPION } from '../src/registry/model-registry.ts';
import { formatScore, plural } from '../src/text/format.ts';

export const showChurnDashboard = defineTool({
  name: 'show_churn_dashboard',
  title: 'Dashboard',
  description:
    'Opens the dashboard in clients that show apps: sales, customers at risk, retention, campaigns, offers, models. Others get a list of models.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: false,
  ui: { resourceUri: DASHBOARD_URI },
  input: z.strictObject({}),
  output: z.object({
    champions: z
      .array(
        z.object({
          model: registeredModelSchema.describe('The registered model.'),
          version: z.string().describe('Its champion.'),
          roc_auc: z.number().describe('ROC-AUC on the evaluation data of this version.'),
        }),
      )
      .describe('The versions in use.'),
    text: textSchema,
  }),
  async handler(_args, { models }) {
    const versions = await models.list();
    const champions = versions
      .filter(({ aliases }) => aliases.includes(CHAMPION))
      .map(({ card: { model, version, metrics } }) => ({ model, version, roc_auc: metrics.roc_auc }));
    const named = champions.map(({ model, roc_auc }) => `${model} (ROC-AUC ${formatScore(roc_auc)})`);
    return {
      champions,
      text:
        versions.length === 0
          ? 'No model has been trained yet. The dashboard shows sales, segments and retention once orders are imported (import_data), and customers at risk once a forecast is trained (get_at_risk_customers).'
          : `The dashboard shows ${plural(versions.length, 'version')} of the models. In use: ${named.join(', ')}. If it does not open here, "churn-mcp dashboard" opens it in a browser.`,
    };
  },
});
