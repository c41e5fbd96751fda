/** Recommendations: for a segment as an answer, for all customers as columns. */
import type { CallOptions, ToolContext } from '../mcp/tool-context.ts';
import type { ProductRecommendations } from '../recommend/product-recommendations.ts';
import { AnswerCache } from './answer-cache.ts';
import { openOrTrain, type ServiceParts } from './service-parts.ts';

export function createRecommendationService(parts: ServiceParts): ToolContext['recommendations'] {
  const answers = new AnswerCache<ProductRecommendations>();
  return {
    train: (request, call) => parts.trainings.recommendations(request, call),
    async recommend(request, call) {
      const { recommendProducts } = await import('../recommend/product-recommendations.ts');
      const { parseSegment } = await import('../customers/segments.ts');
      // A wrong segment is refused before a model is trained for it.
      const { nCustomers, nProducts, offset, asOf, customerIds } = request;
      const segment = customerIds === undefined ? parseSegment(request.segment) : undefined;
      await using served = await recommendationSource(parts, request.version, call);
      const { source, trainedNow } = served;
      const key = [source.card.version, segment, customerIds, nCustomers, nProducts, offset, asOf];
      const found = await answers.findOnce(source.data, key, () => recommendProducts(request, source));
      return { ...found, trainedNow };
    },
    async buyers({ version, ...request }, call) {
      const { findProductBuyers } = await import('../recommend/product-buyers.ts');
      await using served = await recommendationSource(parts, version, call);
      return { ...(await findProductBuyers(request, served.source)), trainedNow: served.trainedNow };
    },
    async offersIfAny(customerId, { nProducts, asOf }, call) {
      const version = await parts.scorers.championOf('product_recommendation');
      if (version === undefined) return [];
      const { recommendProducts } = await import('../recommend/product-recommendations.ts');
      await using served = await recommendationSource(parts, version, call);
      // The orders may have been replaced by some without lines since.
      if (!(await served.data.summary()).hasItems) return [];
      const request = { nCustomers: 1, nProducts, segment: '', customerIds: [String(customerId)], asOf };
      const { customers } = await recommendProducts(request, served.source);
      return customers.flatMap(({ recommendations }) => recommendations);
    },
  };
}

/** The data and the model for recommending: the named version or the champion, which is trained now if there is none. */
export async function recommendationSource(
  parts: ServiceParts,
  version: string | undefined,
  call: CallOptions,
) {
  const served = await openOrTrain(parts, 'product_recommendation', version, call);
  const { opened, data } = served;
  return {
    ...served,
    source: { data, scorer: opened.scorer, card: opened.version.card, signal: call.signal },
  };
}
