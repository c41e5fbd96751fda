import { z } from 'zod';
import { filterText } from '../src/customers/filter-text.ts';
import { isLapsed, LAPSED } from '../src/customers/segments.ts';
import { offerColumns } from '../src/mcp/list-columns.ts';
import { customerList, exportedSchema, exportSchema, writeList } from '../src/mcp/list-export.ts';
import { modelText } from '../src/mcp/model-text.ts';
import { areFoundTogether, offerFieldsOf, offerSchema } from '../src/mcp/offer-fields.ts';
import { assertNoRules, offerRulesOf, offerRulesSchema, rulesRemarks } from '../src/mcp/offer-rules.ts';
import { conciseOffersText, type OffersPage, offersText } from '../src/mcp/offers-text.ts';
import { answerBuyers } from '../src/mcp/product-buyers-answer.ts';
import { fittingRows, isWithinCap } from '../src/mcp/result-size.ts';
import {
  asOfSchema,
  filterOf,
  filterSchema,
  idArgumentSchema,
  idSchema,
  labelFieldsOf,
  modelFieldsSchema,
  nextOffsetSchema,
  offsetSchema,
  type ResponseFormat,
  responseFormatSchema,
  textSchema,
  trainedNowSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { RecommendationResult, ToolContext } from '../src/mcp/tool-context.ts';
import { quotedList } from '../src/text/quoted.ts';

/** The default of the stored procedure. */
const DEFAULT_CUSTOMERS = 3;

const inputSchema = z.strictObject({
  n_customers: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(`Customers at most. Default ${DEFAULT_CUSTOMERS}.`),
  n_products: z.int().min(1).max(100).default(3).describe('Products per customer at most.'),
  segment: z.string().max(200).default('LOW_ENGAGEMENT').describe('Customer segment, in any spelling.'),
  customer_ids: z.array(idArgumentSchema).min(1).max(1000).optional().describe('Instead of a segment.'),
  product: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Who would buy this product, and why; with customer_ids: why these would.'),
  for: z.enum(['segment', 'at_risk']).default('segment').describe('at_risk: first of get_at_risk_customers.'),
  filter: filterSchema.optional().describe('With for at_risk only.'),
  rules: offerRulesSchema,
  offset: offsetSchema,
  as_of: asOfSchema.optional(),
  version: versionSchema.optional(),
  export: exportSchema,
  response_format: responseFormatSchema,
});
type Arguments = z.output<typeof inputSchema>;

export const getProductRecommendations = defineTool({
  name: 'get_product_recommendations',
  title: 'What to offer whom',
  description:
    'Recommends products never bought before, likeliest first: to a segment’s customers away longest, to customer_ids, or to those most at risk (for: at_risk); with product, who would buy it and why. Segments: LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, AT_RISK, NEW_CUSTOMERS, HIGH_VALUE_ACTIVE, REGULAR, LAPSED (both inactive ones). Trains its model on the first call.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  sharesReading: (args) => {
    const { success, data } = inputSchema.safeParse(args);
    return success && isServed(data);
  },
  input: inputSchema,
  output: modelFieldsSchema.extend({
    segment: z.string().nullable().describe('The segment by its full name; null if customers were named.'),
    customers: z
      .array(
        z.object({
          customer_id: idSchema.describe('The shop’s own id.'),
          recommendations: z.array(offerSchema).describe('By rank.'),
        }),
      )
      .describe('By customer id.'),
    next_offset: nextOffsetSchema,
    total_customers: z.int().describe('Customers listed.'),
    total_recommendations: z.int().describe('Recommendations listed, over all customers.'),
    trained_now: trainedNowSchema,
    note: z.string().optional().describe('A remark beside the answer.'),
    exported: exportedSchema,
    text: textSchema,
  }),
  async handler(args, context) {
    if (args.product !== undefined) {
      assertNoRules(args.rules);
      return answerBuyers({ ...args, product: args.product }, context);
    }
    const answer = await answerPage(args, context);
    if (args.export === undefined) return answer;
    const file = await writeList(context, await everyOffer(args, context), args.export);
    return { ...answer, ...file, note: [answer.note, file.note].filter(isText).join('\n') };
  },
});

/** Whether nothing is read but a few customers' offers, which are kept and found together with those of other calls. */
function isServed(args: Arguments): boolean {
  const { product, filter, rules, as_of: asOf, version, export: file } = args;
  if ([product, filter, rules, asOf, version, file].some((part) => part !== undefined)) return false;
  if (args.for !== 'segment' || args.offset > 0 || isLapsed(args.segment)) return false;
  const customers = args.customer_ids?.length ?? args.n_customers ?? DEFAULT_CUSTOMERS;
  return areFoundTogether(customers);
}

function isText(text: string | undefined): boolean {
  return text !== undefined;
}

async function answerPage(args: Arguments, context: ToolContext) {
  const chosen = await chooseCustomers(args, context);
  const page = {
    asked: chosen?.customerIds.length ?? args.n_customers ?? DEFAULT_CUSTOMERS,
    offset: args.offset,
    format: args.response_format,
    goesOn: chosen?.goesOn,
    who: chosen?.who ?? '',
    choice: chosen?.choice ?? '',
    customerIds: chosen?.customerIds ?? [],
    remarks: rulesRemarks(args.rules),
  };
  const recommend = (nCustomers: number) =>
    context.recommendations.recommend(requestOf(args, nCustomers, chosen?.customerIds), callOf(context));
  const whole = await recommend(page.asked);
  if (isWithinCap(answerOf(whole, page.asked, page))) return answerOf(whole, page.asked, page);
  // Customers are chosen and printed in different orders, so a shorter list has to be computed anew.
  const { customers, text } = whole;
  const some = (rows: number) => {
    const share = rows / customers.length;
    const part = { customers: customers.slice(0, rows), text: text?.slice(0, text.length * share) };
    return answerOf({ ...whole, ...part }, rows, page);
  };
  let rows = Math.max(1, fittingRows(customers.length, some));
  for (;;) {
    const answer = answerOf(await recommend(rows), rows, page);
    if (isWithinCap(answer) || rows <= 1) return answer;
    rows = Math.floor(rows * SHORTER);
  }
}

/** The offers of all customers asked for, whatever page the answer shows. */
async function everyOffer(args: Arguments, context: ToolContext) {
  const whole = { ...args, offset: 0, n_customers: Number.MAX_SAFE_INTEGER };
  const chosen = await chooseCustomers(whole, context);
  const { nCustomers: _, ...request } = requestOf(whole, Number.MAX_SAFE_INTEGER, chosen?.customerIds);
  const found = await context.recommendations.recommendToAll(request, callOf(context));
  const rows = found.customers.flatMap(({ customerId, recommendations }) =>
    recommendations.map((offer) => ({ customerId, offer })),
  );
  const list = {
    name: 'offers',
    asOf: found.asOf ?? found.card.as_of,
    customerIds: rows.map(({ customerId }) => customerId),
    withOffers: false,
  };
  const offers = rows.map(({ offer }) => offer);
  return customerList(context, list, offerColumns(offers, found));
}

function callOf({ signal, progress, mayTrain }: ToolContext) {
  return { signal, onProgress: progress, mayTrain };
}

function requestOf(args: Arguments, nCustomers: number, customerIds: readonly string[] | undefined) {
  return {
    nCustomers,
    nProducts: args.n_products,
    segment: args.segment,
    ...(customerIds !== undefined && { customerIds: customerIds.slice(0, nCustomers) }),
    ...(args.offset > 0 && customerIds === undefined && { offset: args.offset }),
    ...(args.as_of !== undefined && { asOf: args.as_of }),
    ...(args.version !== undefined && { version: args.version }),
    ...offerRulesOf(args.rules),
  };
}

interface ChosenCustomers {
  readonly customerIds: readonly string[];
  /** Whether more of them follow. */
  readonly goesOn: boolean;
  /** Follows "customers" in the text. */
  readonly who: string;
  readonly choice: string;
}

/** The customers of this page, if they are named or those at risk; undefined if a segment is asked for. */
async function chooseCustomers(args: Arguments, context: ToolContext): Promise<ChosenCustomers | undefined> {
  const { customer_ids: named, offset } = args;
  if (named !== undefined) {
    // All who are named, unless fewer are asked for: three by default would drop some without a word.
    const end = offset + (args.n_customers ?? named.length);
    return { customerIds: named.slice(offset, end), goesOn: end < named.length, who: '', choice: '' };
  }
  const limit = args.n_customers ?? DEFAULT_CUSTOMERS;
  if (args.for === 'segment') return isLapsed(args.segment) ? chooseLapsed(args, limit, context) : undefined;
  const filter = filterOf(args.filter);
  const found = await context.churn.atRisk(
    { limit, offset, filter, withReasons: false, ...(args.as_of !== undefined && { asOf: args.as_of }) },
    callOf(context),
  );
  return {
    customerIds: found.customers.map(({ customerId }) => String(customerId)),
    goesOn: offset + limit < found.listableCustomers,
    who: ` at risk${filterText(filter)}`,
    choice: ' Those with the most at stake were chosen first.',
  };
}

/** All who are in the segments of inactive customers, those away longest first: no segment of the stored procedure. */
async function chooseLapsed(
  { offset, as_of: asOf }: Arguments,
  limit: number,
  { shop, signal }: ToolContext,
): Promise<ChosenCustomers> {
  const filter = { segment: LAPSED };
  const found = await shop.find({ filter, sortBy: 'days_since_last_order', limit, offset, asOf }, { signal });
  return {
    customerIds: found.customers.map(({ customerId }) => String(customerId)),
    goesOn: offset + limit < found.totalCustomers,
    who: ' who have lapsed',
    choice: ' Those away longest were chosen first.',
  };
}

/** The factor by which a list is shortened if it should have fitted and does not. */
const SHORTER = 0.95;

interface Page extends OffersPage {
  readonly format: ResponseFormat;
  /** Whether more customers follow; undefined if only what was found tells. */
  readonly goesOn: boolean | undefined;
  /** Of the whole page, in the order of choice; none if a segment is asked for. */
  readonly customerIds: readonly string[];
  /** Stand in the note. */
  readonly remarks: readonly string[];
}

/** Names the customers that a list leaves out; a list of nobody says so by itself. */
function withoutOffers(asked: readonly string[], customers: RecommendationResult['customers']): string[] {
  const listed = new Set(customers.map(({ customerId }) => String(customerId)));
  const others = [...new Set(asked)].filter((id) => !listed.has(id));
  if (others.length === 0 || customers.length === 0) return [];
  return [
    `No offers for ${quotedList(others, 5)}: no such customer has ordered, or nothing is left that they have not bought.`,
  ];
}

function answerOf(found: RecommendationResult, rows: number, page: Page) {
  const { asked, offset, format } = page;
  const { segment, customers, chosen, card, trainedNow } = found;
  const end = offset + rows;
  // A segment that gave fewer has ended.
  const mayGoOn = rows < asked || (page.goesOn ?? chosen >= rows);
  const procedureText = format === 'concise' ? undefined : found.text;
  const notes = [
    ...(trainedNow && procedureText !== undefined ? [modelText(card, trainedNow)] : []),
    ...(rows < asked
      ? [`More customers do not fit into one answer. Ask again with offset ${end} for the next.`]
      : []),
    ...withoutOffers(page.customerIds.slice(0, rows), customers),
    ...page.remarks,
  ];
  return {
    model: card.model,
    version: card.version,
    ...labelFieldsOf(card),
    as_of: card.as_of,
    segment: segment ?? null,
    customers: customers.map((customer) => ({
      customer_id: customer.customerId,
      recommendations: customer.recommendations.map(offerFieldsOf),
    })),
    next_offset: mayGoOn && chosen > 0 ? end : null,
    total_customers: customers.length,
    total_recommendations: customers.reduce((sum, customer) => sum + customer.recommendations.length, 0),
    trained_now: trainedNow,
    // A separate note, because the text equals that of the stored procedure to the character.
    ...(notes.length > 0 && { note: notes.join('\n') }),
    text: procedureText ?? (format === 'concise' ? conciseOffersText(found) : offersText(found, page)),
  };
}
