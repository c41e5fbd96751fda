import { type Segment, segmentLabels } from '../customers/segments.ts';
import type { Id } from '../data/data-source.ts';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';

const RULE = '='.repeat(70);
const THIN_RULE = '-'.repeat(70);

export interface TextRecommendation {
  readonly rank: number;
  readonly productName: string;
  readonly productCategory: string | null;
  readonly purchaseProbability: number;
}

export interface TextCustomer {
  readonly customerId: Id;
  readonly recommendations: readonly TextRecommendation[];
}

/**
 * The text of the stored procedure `GET_PRODUCT_RECOMMENDATIONS`, to the character. Customers come in the order to be
 * printed. A product without a category is printed by its name alone, without parentheses: the procedure never had
 * one, and an empty pair would look like an error.
 */
export function formatRecommendations(
  segment: Segment,
  customers: readonly TextCustomer[],
  thresholds: SegmentThresholds,
): string {
  if (customers.length === 0) return `No customers found in the '${segment}' segment.`;
  const total = customers.reduce((sum, { recommendations }) => sum + recommendations.length, 0);
  return [
    `Product Recommendations for ${segmentLabels(thresholds)[segment]} Segment`,
    RULE,
    '',
    ...customers.flatMap(formatCustomer),
    `Total Customers: ${customers.length}`,
    `Total Recommendations: ${total}`,
  ].join('\n');
}

function formatCustomer({ customerId, recommendations }: TextCustomer): string[] {
  return [
    `Customer ID: ${inertMarkdown(String(customerId))}`,
    THIN_RULE,
    ...recommendations.flatMap((recommendation) => [
      `  ${recommendation.rank}. ${nameWithCategory(recommendation)}`,
      `     Purchase Probability: ${(recommendation.purchaseProbability * 100).toFixed(1)}%`,
    ]),
    '',
  ];
}

function nameWithCategory({ productName, productCategory }: TextRecommendation): string {
  const name = inertMarkdown(productName);
  return productCategory === null ? name : `${name} (${inertMarkdown(productCategory)})`;
}
