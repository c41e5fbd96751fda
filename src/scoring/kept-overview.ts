/**
 * The overview as it is asked for without arguments, kept in the home folder: `scores/VERSION_DATA.json`. It is the first page
 * that a person opens, it compares all customers on two days, and in a large shop that takes seconds.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isEmptyFilter } from '../customers/customer-filter.ts';
import type { DataSource } from '../data/data-source.ts';
import { keptFileOf } from '../data/kept-table.ts';
import { segmentThresholdsSchema } from '../data/segment-thresholds.ts';
import { replaceFile } from '../files/durable-files.ts';
import { type KeptFile, keepFile, keptFilePath, unlessDiskFails } from '../files/kept-file.ts';
import { openSealedJson, sealedJson } from '../files/sealed-json.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { totalValueSchema } from './customer-value.ts';
import { SCORES_FOLDER } from './kept-prospects.ts';
import { RISK_BANDS } from './money-at-risk.ts';
import type { OverviewRequest, RiskOverview, ShopOverview } from './shop-overview.ts';

/** What is kept of an overview: the model's card lies in the registry. */
type KeptOverview = Omit<ShopOverview, 'risk'> & { readonly risk: Omit<RiskOverview, 'card'> };

const group = z.strictObject({ name: z.string(), customers: z.number(), totalSpent: z.number() });

const money = z.strictObject({
  customers: z.number(),
  valueAtRisk: z.number(),
  low: z.number(),
  high: z.number(),
  moreLikelyThanNot: z.number(),
  averageProbability: z.number(),
});

const overviewSchema = z.strictObject({
  asOf: z.string(),
  comparedWith: z.string(),
  isLastImport: z.boolean(),
  horizonDays: z.number(),
  customers: z.number(),
  segmentThresholds: segmentThresholdsSchema,
  lapsed: z.number(),
  active: z.number(),
  activeBefore: z.number(),
  newlyLapsed: z.number(),
  wonBack: z.number(),
  newCustomers: z.number(),
  segments: z.array(group),
  customerSegments: z.array(group),
  months: z.array(
    z.strictObject({
      order_month: z.string(),
      customers: z.number(),
      new_customers: z.number(),
      orders: z.number(),
      revenue: z.number(),
    }),
  ),
  risk: z.strictObject({
    now: money,
    before: money,
    worth: totalValueSchema.optional(),
    bands: z.array(money.extend({ band: z.enum(RISK_BANDS) })),
  }),
}) satisfies z.ZodType<KeptOverview>;

const fileSchema = z.object({ months: z.number(), overview: overviewSchema });

/** Whether an overview of this request is kept: of all customers, as of the last order's day, against the week before. */
export function isKeptRequest({ filter, asOf, compareWith }: OverviewRequest): boolean {
  return asOf === undefined && compareWith === undefined && isEmptyFilter(filter);
}

/** @returns undefined if it is not kept, is of other thresholds or another number of months, or the file is damaged */
export async function readKeptOverview(
  home: string,
  { months }: OverviewRequest,
  { data, card }: { readonly data: DataSource; readonly card: ModelCard },
): Promise<ShopOverview | undefined> {
  const { segmentThresholds } = await data.summary();
  try {
    const text = await readFile(keptFilePath(home, await fileOf(data, card)), 'utf8');
    const kept = openSealedJson(text, fileSchema);
    const { overview } = kept;
    const isSame =
      kept.months === months &&
      JSON.stringify(overview.segmentThresholds) === JSON.stringify(segmentThresholds);
    return isSame ? { ...overview, risk: { card, ...overview.risk } } : undefined;
  } catch {
    // Whatever is wrong with the file, the overview is made anew and replaces it.
    return undefined;
  }
}

/** Keeps an overview with a risk. */
export async function keepOverview(
  home: string,
  { months }: OverviewRequest,
  { data, overview }: { readonly data: DataSource; readonly overview: ShopOverview },
): Promise<void> {
  if (overview.risk === undefined) return;
  const { card, ...risk } = overview.risk;
  const content = { months, overview: { ...overview, risk } };
  const file = await fileOf(data, card);
  await unlessDiskFails(() => keepFile(home, file, (path) => replaceFile(path, sealedJson(content))));
}

function fileOf(data: DataSource, { version }: ModelCard): Promise<KeptFile> {
  return keptFileOf({ folder: SCORES_FOLDER, version, data }, 'json');
}
