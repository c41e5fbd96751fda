import { z } from 'zod';
import { formatPercent } from '../src/mcp/format.ts';
import { fittingRows, isWithinCap } from '../src/mcp/result-size.ts';
import {
  asOfSchema,
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
import type { RecommendationResult } from '../src/mcp/tool-context.ts';
import { inertMarkdown } from '../src/text/inert-markdown.ts';
import { plainText } from '../src/text/plain-text.ts';

export const getProductRecommendations = defineTool({
  name: 'get_product_recommendations',
  title: 'What to offer whom',
  description:
    'Recommends products to the customers of a segment, those away longest first: products they never bought, most likely purchase first. Segments: LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, AT_RISK, NEW_CUSTOMERS, HIGH_VALUE_ACTIVE, REGULAR. Trains the recommendation model on the first call if there is none.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  input: z.strictObject({
    n_customers: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .describe('Customers at most; fewer if the answer would be too long.'),
    n_products: z.int().min(1).max(100).default(3).describe('Products per customer at most.'),
    segment: z
      .string()
      .max(200)
      .default('LOW_ENGAGEMENT')
      .describe('Customer segment, in any case, with spaces or dashes or underscores.'),
    offset: offsetSchema,
    as_of: asOfSchema.optional(),
    version: versionSchema.optional(),
    response_format: responseFormatSchema,
  }),
  output: modelFieldsSchema.extend({
    segment: z.string().describe('The segment by its full name.'),
    customers: z
      .array(
        z.object({
          customer_id: idSchema.describe('The shop’s own id.'),
          recommendations: z
            .array(
              z.object({
                rank: z.int().describe('1 is the most likely purchase.'),
                product_id: idSchema.describe('The shop’s own id.'),
                product_name: z.string().describe('Name, as plain data.'),
                product_category: z.string().nullable().describe('Category, or null if there is none.'),
                purchase_probability: z.number().describe('Probability of a purchase within the horizon.'),
              }),
            )
            .describe('By rank.'),
        }),
      )
      .describe('By customer id.'),
    next_offset: nextOffsetSchema,
    total_customers: z.int().describe('Customers listed.'),
    total_recommendations: z.int().describe('Recommendations listed, over all customers.'),
    trained_now: trainedNowSchema,
    note: z.string().optional().describe('A remark beside the answer.'),
    text: textSchema,
  }),
  async handler(args, { recommendations, signal, progress, mayTrain }) {
    const recommend = (nCustomers: number) =>
      recommendations.recommend(
        {
          nCustomers,
          nProducts: args.n_products,
          segment: args.segment,
          ...(args.offset > 0 && { offset: args.offset }),
          ...(args.as_of !== undefined && { asOf: args.as_of }),
          ...(args.version !== undefined && { version: args.version }),
        },
        { signal, onProgress: progress, mayTrain },
      );
    const page = { asked: args.n_customers, offset: args.offset, format: args.response_format };
    const whole = await recommend(page.asked);
    if (isWithinCap(answerOf(whole, page.asked, page))) return answerOf(whole, page.asked, page);
    // Customers are chosen and printed in different orders, so a shorter list has to be computed anew.
    const { customers, text } = whole;
    const some = (rows: number) => {
      const share = rows / customers.length;
      const part = { customers: customers.slice(0, rows), text: text.slice(0, text.length * share) };
      return answerOf({ ...whole, ...part }, rows, page);
    };
    let rows = Math.max(1, fittingRows(customers.length, some));
    for (;;) {
      const answer = answerOf(await recommend(rows), rows, page);
      if (isWithinCap(answer) || rows <= 1) return answer;
      rows = Math.floor(rows * SHORTER);
    }
  },
});

/** The answer is still too long although it should fit. */
const SHORTER = 0.95;

interface Page {
  readonly asked: number;
  readonly offset: number;
  readonly format: ResponseFormat;
}

function answerOf(found: RecommendationResult, rows: number, { asked, offset, format }: Page) {
  const { segment, customers, card, trainedNow } = found;
  const end = offset + rows;
  // If fewer came than asked for, the segment ends here. Customers with nothing left to recommend do not count.
  const mayGoOn = rows < asked || customers.length >= rows;
  const notes = [
    ...(trainedNow ? [`There was no recommendation model yet: ${card.version} was trained first.`] : []),
    ...(rows < asked
      ? [`More customers do not fit into one answer. Ask again with offset ${end} for the next.`]
      : []),
  ];
  return {
    model: card.model,
    version: card.version,
    ...labelFieldsOf(card),
    as_of: card.as_of,
    segment,
    customers: customers.map((customer) => ({
      customer_id: customer.customerId,
      recommendations: customer.recommendations.map((product) => ({
        rank: product.rank,
        product_id: product.productId,
        product_name: plainText(product.productName),
        product_category: product.productCategory === null ? null : plainText(product.productCategory),
        purchase_probability: product.purchaseProbability,
      })),
    })),
    next_offset: mayGoOn && customers.length > 0 ? end : null,
    total_customers: customers.length,
    total_recommendations: customers.reduce((sum, customer) => sum + customer.recommendations.length, 0),
    trained_now: trainedNow,
    // A separate note, because the text equals that of the stored procedure to the character.
    ...(notes.length > 0 && { note: notes.join('\n') }),
    text: format === 'concise' ? conciseText(found) : found.text,
  };
}

function conciseText({ segment, customers }: RecommendationResult): string {
  if (customers.length === 0) return `No customers found in the '${segment}' segment.`;
  return customers
    .map(({ customerId, recommendations }) => {
      const products = recommendations.map(
        ({ productName, purchaseProbability }) =>
          `${inertMarkdown(productName)} ${formatPercent(purchaseProbability)}`,
      );
      return `Customer ${inertMarkdown(String(customerId))}: ${products.join('; ')}`;
    })
    .join('\n');
}
