import { z } from 'zod';
import { plainText } from '../src/mcp/plain-text.ts';
import {
  asOfSchema,
  idSchema,
  labelFieldsOf,
  modelFieldsSchema,
  textSchema,
  trainedNowSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';

export const getProductRecommendations = defineTool({
  name: 'get_product_recommendations',
  title: 'What to offer whom',
  description:
    'Recommends products to the customers of a segment who have been away longest: products they never bought, most likely purchase first. Segments: LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, AT_RISK, NEW_CUSTOMERS, HIGH_VALUE_ACTIVE, REGULAR. Trains the recommendation model on the first call where there is none.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  input: z.strictObject({
    n_customers: z.int().min(1).max(1000).default(3).describe('Customers at most.'),
    n_products: z.int().min(1).max(100).default(3).describe('Products for each customer at most.'),
    segment: z
      .string()
      .max(200)
      .default('LOW_ENGAGEMENT')
      .describe('Customer segment, in any case, with spaces or dashes or underscores.'),
    as_of: asOfSchema.optional(),
    version: versionSchema.optional(),
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
                rank: z.int().describe('1 is the likeliest.'),
                product_id: idSchema.describe('The shop’s own id.'),
                product_name: z.string().describe('Name, as plain data.'),
                product_category: z.string().nullable().describe('Category, or null where there is none.'),
                purchase_probability: z.number().describe('Probability of a purchase within the horizon.'),
              }),
            )
            .describe('By rank.'),
        }),
      )
      .describe('By customer id.'),
    total_customers: z.int().describe('Customers listed.'),
    total_recommendations: z.int().describe('Recommendations listed, over all customers.'),
    trained_now: trainedNowSchema,
    note: z.string().optional().describe('What happened beside the answer.'),
    text: textSchema,
  }),
  async handler(args, { recommendations, signal, progress }) {
    const { segment, customers, card, trainedNow, text } = await recommendations.recommend(
      {
        nCustomers: args.n_customers,
        nProducts: args.n_products,
        segment: args.segment,
        ...(args.as_of !== undefined && { asOf: args.as_of }),
        ...(args.version !== undefined && { version: args.version }),
      },
      { signal, onProgress: progress },
    );
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
      total_customers: customers.length,
      total_recommendations: customers.reduce((sum, customer) => sum + customer.recommendations.length, 0),
      trained_now: trainedNow,
      // Beside the text, which is the stored procedure's to the character.
      ...(trainedNow && {
        note: `There was no recommendation model yet: ${card.version} was trained first.`,
      }),
      text,
    };
  },
});
