import { z } from 'zod';
import { assertAgreed } from '../src/mcp/agreement.ts';
import { startQuestion, startText } from '../src/mcp/campaign-text.ts';
import { campaignIdSchema, textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { isoDateSchema } from '../src/registry/card-figures.ts';

export const startCampaign = defineTool({
  name: 'start_campaign',
  title: 'Start a planned campaign',
  description:
    'Starts a campaign that plan_campaign made, once a person has agreed: writes the lists of whom to contact into the home folder (CSV and Excel; also for Klaviyo, Mailchimp and Shopify), without those held out. Sends nothing. A started campaign never changes.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:admin',
  mayBecomeJob: false,
  input: z.strictObject({
    campaign_id: campaignIdSchema,
    contact_date: isoDateSchema.optional().describe('Day the contacts go out (YYYY-MM-DD). Default: today.'),
  }),
  output: z.object({
    campaign_id: z.string().describe('For get_campaign_results.'),
    contact_date: z.string().describe('Orders count from the day after.'),
    customers_to_contact: z.int().describe('Customers on the contact list.'),
    customers_without_email: z.int().describe('Those of them without an e-mail address.'),
    files: z.array(z.string()).describe('The contact lists in the home folder.'),
    text: textSchema,
  }),
  async handler({ campaign_id, contact_date }, { campaigns, ask, signal }) {
    const request = { campaignId: campaign_id, contactDate: contact_date };
    const question = startQuestion(await campaigns.startable(request));
    await assertAgreed(ask, question, 'The campaign was not started');
    const started = await campaigns.start(request, { signal });
    return {
      campaign_id,
      contact_date: started.campaign.start.contact_date,
      customers_to_contact: started.contacts,
      customers_without_email: started.withoutEmail,
      files: started.files.map((file) => `campaigns/${campaign_id}/started/${file}`),
      text: startText(started),
    };
  },
});
