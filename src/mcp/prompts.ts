/** Questions that are asked regularly, as a person would put them to a model that has the tools. */
import { z } from 'zod';
import { registeredModelSchema } from '../registry/model-card.ts';
import { plainText } from '../text/plain-text.ts';

/** The values that a client may offer for an argument. */
export type Completable = 'segment' | 'model';

export interface PromptArgument {
  readonly description: string;
  readonly schema: z.ZodType<string | number | undefined>;
  readonly completes?: Completable;
}

export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** By name. Clients send every argument as text. */
  readonly arguments: Readonly<Record<string, PromptArgument>>;
  /** The message in the user's name; values are those that the schemas give. */
  text(values: Readonly<Record<string, string | number | undefined>>): string;
}

const count = (most: number, byDefault: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(byDefault);

const line = z
  .string()
  .max(500)
  .transform((text) => plainText(text, 300));

export const PROMPTS: readonly Prompt[] = [
  {
    name: 'at_risk_outreach',
    title: 'Write to customers about to leave',
    description: 'Finds the customers with most at stake, looks into why, and drafts a message to each.',
    arguments: {
      n_customers: { description: 'How many customers, 1 to 20. Default 5.', schema: count(20, 5) },
      offer: {
        description: 'What may be offered, in a few words. If left out, no offer is promised.',
        schema: line.optional(),
      },
    },
    text: ({ n_customers, offer }) =>
      [
        `Which customers who still buy are most likely to leave with most money at stake? I want the first ${n_customers}. Use get_at_risk_customers with limit ${n_customers}, and explain_churn_risk for each of them.`,
        'For each, write one line on why they may leave, in words the customer would not mind reading, and a short personal message that invites them back. Refer only to what the tools returned; invent no names, purchases or prices.',
        offer === undefined
          ? 'Promise no discount or gift.'
          : `We may offer: ${offer}. Offer it only if it fits the reason.`,
        'Close with what get_churn_metrics with label "forward" says about how far these risks can be trusted, its warnings included. A high risk does not mean that a message helps: suggest keeping some customers uncontacted to find out.',
      ].join('\n\n'),
  },
  {
    name: 'recommend_for_segment',
    title: 'What to offer a segment',
    description: 'Product recommendations for the customers of a segment, with what they have in common.',
    arguments: {
      segment: {
        description: 'Customer segment, such as LOW_ENGAGEMENT. Default LOW_ENGAGEMENT.',
        schema: line.default('LOW_ENGAGEMENT'),
        completes: 'segment',
      },
      n_customers: { description: 'How many customers, 1 to 100. Default 3.', schema: count(100, 3) },
      n_products: { description: 'Products for each, 1 to 20. Default 3.', schema: count(20, 3) },
    },
    text: ({ segment, n_customers, n_products }) =>
      [
        `Show me product recommendations for ${segment} customers. Use get_product_recommendations with n_customers ${n_customers} and n_products ${n_products}.`,
        'Show its text as it is. Then say in two or three sentences which products come up most, and what one campaign for this segment could feature.',
      ].join('\n\n'),
  },
  {
    name: 'weekly_retention_review',
    title: 'Weekly retention review',
    description:
      'One page: how good the forecast still is, who is at risk, what is at stake, what to do this week.',
    arguments: {
      n_customers: { description: 'How many customers to list, 1 to 50. Default 10.', schema: count(50, 10) },
    },
    text: ({ n_customers }) =>
      [
        'Write a retention review of one page for a busy manager.',
        '1. Can the forecast be trusted this week? Use get_churn_metrics with label "forward": ranking quality beside its baselines, drift, how earlier predictions turned out, and every warning.',
        `2. Who is at risk? Use get_at_risk_customers with limit ${n_customers}: how much is at stake in all, and the reasons that come up most.`,
        '3. What could we offer? Use get_product_recommendations for the segments HIGH_VALUE_INACTIVE and LOW_ENGAGEMENT.',
        '4. End with three things to do this week, each with the figure behind it, and one thing that the figures cannot tell.',
      ].join('\n'),
  },
  {
    name: 'plan_retention_campaign',
    title: 'Plan a campaign and measure it',
    description:
      'From what an offer costs to a plan, a start that you confirm, and later the measured profit.',
    arguments: {
      offer: { description: 'What is offered, in a few words.', schema: line.default('a voucher') },
    },
    text: ({ offer }) =>
      [
        `I want to win customers back with this offer: ${offer}. Ask me for what I have not said: what contacting one customer costs, what the offer costs per customer who takes it, and our margin as a share of revenue.`,
        'Then use plan_campaign and tell me in plain words what it is expected to earn, as a range, what happens if it works half as well, how many customers to leave uncontacted, and how small an effect we will be able to see.',
        'Start nothing before I say so; then use start_campaign. First look at get_campaign_results without arguments: what earlier campaigns earned, and whether one still runs.',
      ].join('\n\n'),
  },
  {
    name: 'retrain_and_compare',
    title: 'Retrain and compare',
    description: 'Trains a model anew on the current data and compares it with the champion.',
    arguments: {
      model: {
        description: 'Registered model. Default customer_churn_forecast.',
        schema: registeredModelSchema.default('customer_churn_forecast'),
        completes: 'model',
      },
    },
    text: ({ model }) =>
      [
        `Train ${model} anew on the current data and tell me whether the new version is better.`,
        `First note the current champion with list_models. Then train: ${trainingCall(model)}. If the call returns a job_id, ask get_job until it is done.`,
        'Compare the two versions with get_churn_metrics and compare_with. Say in plain words what changed, whether the difference may be chance, and which version answers now. Promote or roll back only if I ask for it.',
      ].join('\n\n'),
  },
];

const TRAINING_CALLS: Readonly<Record<string, string>> = {
  customer_churn_forecast: 'train_churn_model with label "forward"',
  customer_churn_predictor: 'train_churn_model with label "inactivity"',
  customer_churn_column: 'train_churn_model with label "column"',
  product_recommendation: 'train_recommendation_model',
};

function trainingCall(model: string | number | undefined): string {
  return TRAINING_CALLS[String(model)] ?? TRAINING_CALLS.customer_churn_forecast;
}
