/** What the tools of campaigns answer, as far as the page reads it. */
import { z } from 'zod';

const groupOfCampaignSchema = z.object({ customers: z.number(), ordered: z.number(), spent: z.number() });
const differenceSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

export const campaignResultsSchema = z.object({
  campaigns: z.array(
    z.object({
      campaign_id: z.string(),
      name: z.string(),
      status: z.string(),
      contacted: z.number(),
      held_out: z.number(),
      ranked_by: z.string().default('risk'),
    }),
  ),
  verdict: z.string().nullable(),
  through: z.string().nullable(),
  profit: differenceSchema.nullable(),
  order_share: differenceSchema.nullable(),
  spent_per_customer: differenceSchema.nullable(),
  contacted: groupOfCampaignSchema.nullable(),
  held_out: groupOfCampaignSchema.nullable(),
  course: z
    .array(
      z.object({
        day: z.string(),
        order_share: differenceSchema.nullable(),
        profit: differenceSchema.nullable(),
      }),
    )
    .default([]),
  problems: z.array(z.string()),
});
export type CampaignResults = z.infer<typeof campaignResultsSchema>;

/** Of the answer about the model of campaigns. */
export const upliftSchema = z.object({
  version: z.string(),
  as_of: z.string(),
  warnings: z.array(z.object({ code: z.string() })),
  uplift: z.object({
    contacted: z.number(),
    held_out: z.number(),
    effect: differenceSchema,
    qini: differenceSchema,
    qini_of_risk: differenceSchema,
    curve: z.array(
      z.object({
        share: z.number(),
        orders: z.number(),
        orders_low: z.number().optional(),
        orders_high: z.number().optional(),
        profit: z.number(),
        profit_low: z.number().optional(),
        profit_high: z.number().optional(),
      }),
    ),
  }),
});
export type UpliftAnswer = z.infer<typeof upliftSchema>;
