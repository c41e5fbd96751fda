import { z } from 'zod';
import { isoDateSchema } from '../registry/card-figures.ts';
import { totalValueSchema } from '../scoring/customer-value.ts';

/** Becomes a folder name, so nothing else is accepted: `c_YYYYMMDD_HHMMSS_` in UTC and four hex digits of chance. */
export const CAMPAIGN_ID_PATTERN = /^c_\d{8}_\d{6}_[0-9a-f]{4}$/;

const shareSchema = z.number().min(0).max(1);
const successRateSchema = z.object({ rate: shareSchema, deviation: z.number().min(0) });
const profitSchema = z.object({ expected: z.number(), low: z.number(), high: z.number() });

/** Column by column: the n-th value of each is the n-th customer's. */
const customersSchema = z.object({
  id: z.array(z.union([z.int(), z.string()])).min(1),
  /** 1 for customers who are left uncontacted. */
  held_out: z.array(z.union([z.literal(0), z.literal(1)])),
  churn_probability: z.array(shareSchema),
  /** In the horizon, if the customer stays. */
  expected_spend: z.array(z.number()),
});

/** `plan.json` of a campaign: everything that was known and decided before it began. Never changed. */
export const campaignPlanSchema = z
  .object({
    format: z.literal(1),
    campaign_id: z.string().regex(CAMPAIGN_ID_PATTERN),
    name: z.string().min(1),
    planned_at: z.iso.datetime(),
    /** The last day whose orders the plan knows. */
    as_of: isoDateSchema,
    horizon_days: z.int().min(1),
    /** The conditions of its audience, to follow "customers"; plans of earlier versions had none. */
    who: z.string().default(''),
    contact_cost: z.number().min(0),
    offer_cost: z.number().min(0),
    margin: z.number().gt(0).max(1),
    currency: z.string().optional(),
    success_rate: z.object({
      source: z.enum(['given', 'measured', 'assumed']),
      overall: successRateSchema,
      bands: z.array(successRateSchema),
      campaigns: z.int().min(0),
    }),
    /** Which customers are held out follows from it. */
    seed: z.int().min(0),
    model: z.string(),
    version: z.string(),
    /** Of the uplift model that ranked them, if one did. */
    uplift_version: z.string().optional(),
    /** Of the data planned on. */
    fingerprint: z.string(),
    /** Undefined if the latest probabilities that can be checked were wrong by more than five points. */
    profit: profitSchema.optional(),
    profit_if_half: z.number().optional(),
    /** What the contacted are expected to spend in so many days, usually 365. Absent in older plans, or if nothing tells. */
    worth: totalValueSchema.optional(),
    /** By how much more of the contacted are expected to order, and the smallest such difference that will be seen. */
    expected_difference: z.number(),
    visible_difference: z.number(),
    /** What the customers of the campaign had ordered up to `as_of`: shows whether the data is still the same. */
    before: z.object({ orders: z.number(), spent: z.number() }),
    /** Left out because another campaign has them. */
    in_other_campaigns: z.int().min(0),
    customers: customersSchema,
  })
  .refine(({ customers: { id, held_out, churn_probability, expected_spend } }) =>
    [held_out, churn_probability, expected_spend].every(({ length }) => length === id.length),
  );

export type CampaignPlan = z.output<typeof campaignPlanSchema>;

/** `started/start.json`: when the contacts went out. */
export const campaignStartSchema = z.object({
  format: z.literal(1),
  campaign_id: z.string().regex(CAMPAIGN_ID_PATTERN),
  started_at: z.iso.datetime(),
  /** Orders count from the day after. */
  contact_date: isoDateSchema,
});

export type CampaignStart = z.output<typeof campaignStartSchema>;

export interface Campaign {
  readonly plan: CampaignPlan;
  /** Undefined until somebody starts it. */
  readonly start: CampaignStart | undefined;
}

export interface StartedCampaign extends Campaign {
  readonly start: CampaignStart;
}
