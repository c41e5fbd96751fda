import { z } from 'zod';
import type { DataSummary } from './data-source.ts';
import { segmentThresholdsSchema } from './segment-thresholds.ts';

const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const idType = z.enum(['integer', 'text']);

export const dataSummarySchema: z.ZodType<DataSummary> = z.object({
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  customers: z.number().int(),
  orders: z.number().int(),
  orderItems: z.number().int(),
  products: z.number().int(),
  hasItems: z.boolean(),
  hasCatalog: z.boolean(),
  hasCategories: z.boolean(),
  firstOrderDate: isoDate,
  lastOrderDate: isoDate,
  customerIdType: idType,
  productIdType: idType,
  segmentThresholds: segmentThresholdsSchema,
});
