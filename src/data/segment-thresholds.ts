/** Where the segments of a shop begin: one definition per snapshot, which statements bind and texts name. */
import { z } from 'zod';

/** Amounts are in the shop's currency. */
export interface SegmentThresholds {
  /** Customers without an order for more days than this are inactive. */
  readonly inactiveDays: number;
  /** Inactive customers who spent more are HIGH_VALUE_INACTIVE, the others AT_RISK. */
  readonly highValueInactive: number;
  /** Customers with at most so many orders are NEW_CUSTOMERS. */
  readonly newOrders: number;
  /** Those with more orders, but at most so many, are LOW_ENGAGEMENT. */
  readonly lowEngagementOrders: number;
  /** Those with still more orders who spent more are HIGH_VALUE_ACTIVE, the others REGULAR. */
  readonly highValueActive: number;
}

/** Those of the stored procedure. */
export const DEFAULT_THRESHOLDS: SegmentThresholds = {
  inactiveDays: 180,
  highValueInactive: 500,
  newOrders: 2,
  lowEngagementOrders: 5,
  highValueActive: 1000,
};

const amount = z.number().min(0).max(1e12);
const orders = z.int().min(1).max(10_000);

export const segmentThresholdsSchema = z.strictObject({
  inactiveDays: z.int().min(1).max(3650),
  highValueInactive: amount,
  newOrders: orders,
  lowEngagementOrders: orders,
  highValueActive: amount,
});

/** The names of a setting, as people write it. */
const NAMES: Readonly<Record<string, keyof SegmentThresholds>> = {
  inactive_days: 'inactiveDays',
  high_value_inactive: 'highValueInactive',
  new_orders: 'newOrders',
  low_engagement_orders: 'lowEngagementOrders',
  high_value_active: 'highValueActive',
};

const KNOWN = Object.keys(NAMES).join(', ');

/**
 * The thresholds of a text such as "inactive_days=90, new_orders=1"; those that it does not name are the default ones. Its
 * issues follow the name of the setting: 'has "days=9": …'.
 */
export const segmentSettingSchema = z
  .string()
  .max(500)
  .transform((text, context): SegmentThresholds => {
    const thresholds = { ...DEFAULT_THRESHOLDS };
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    for (const part of text.split(',').map((piece) => piece.trim())) {
      const [, name, value] = /^([a-z_]+)\s*=\s*(\d+(?:\.\d+)?)$/.exec(part) ?? [];
      const field = name === undefined ? undefined : NAMES[name];
      if (field === undefined) {
        return refuse(`has ${JSON.stringify(part)}: write NAME=NUMBER, with commas between. Names: ${KNOWN}`);
      }
      thresholds[field] = Number(value);
      const parsed = segmentThresholdsSchema.shape[field].safeParse(thresholds[field]);
      if (!parsed.success) return refuse(`has ${name} out of range: ${value}`);
    }
    const { newOrders, lowEngagementOrders } = thresholds;
    return lowEngagementOrders > newOrders
      ? thresholds
      : refuse(
          `has low_engagement_orders=${lowEngagementOrders}, which must be more than new_orders (${newOrders})`,
        );
  });

/** The setting that gives these thresholds. */
export function segmentSetting(thresholds: SegmentThresholds): string {
  return Object.entries(NAMES)
    .map(([name, key]) => `${name}=${thresholds[key]}`)
    .join(', ');
}
