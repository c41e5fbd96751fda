/** Recommendations: for a segment as an answer, for all customers as columns. */
import type { ToolContext } from '../mcp/tool-context.ts';
import type { ProductRecommendations } from '../recommend/product-recommendations.ts';
import { AnswerCache } from './answer-cache.ts';
import { keepOffersAhead, offersForList } from './long-offers.ts';
import { recommendationSource } from './recommendation-source.ts';
import type { ServiceParts } from './service-parts.ts';

export function createRecommendationService(parts: ServiceParts): ToolContext['recommendations'] {
  const answers = new AnswerCache<ProductRecommendations>();
  return {
    async train(request, call) {
      const outcome = await parts.trainings.recommendations(request, call);
      await keepOffersAhead(parts, call);
      return outcome;
    },
    recommendToAll: (request, call) => recommendToAll(parts, request, call),
    async recommend(request, call) {
      const { recommendProducts } = await import('../recommend/product-recommendations.ts');
      const { parseSegment } = await import('../customers/segments.ts');
      // A wrong segment is refused before a model is trained for it.
      const { nCustomers, nProducts, offset, asOf, customerIds, rules } = request;
      const segment = customerIds === undefined ? parseSegment(request.segment) : undefined;
      await using served = await recommendationSource(parts, request.version, call);
      const { source, trainedNow } = served;
      const key = [source.card.version, segment, customerIds, nCustomers, nProducts, offset, asOf, rules];
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

async function recommendToAll(
  parts: ServiceParts,
  ...[request, call]: Parameters<ToolContext['recommendations']['recommendToAll']>
) {
  const { parseSegment } = await import('../customers/segments.ts');
  const { findMatching } = await import('../customers/customer-filter.ts');
  const { resolveAsOf } = await import('../features/as-of-day.ts');
  const { assertHasItems } = await import('../features/recommendation-features.ts');
  const { nProducts, customerIds: named, rules } = request;
  const segment = named === undefined ? parseSegment(request.segment) : undefined;
  await using served = await recommendationSource(parts, request.version, call);
  const { source, trainedNow } = served;
  const { data, card } = source;
  await assertHasItems(data);
  const asOf = await resolveAsOf(data, request.asOf);
  const inSegment = () => findMatching(data, { filter: { segment }, asOf, signal: call.signal });
  const customerIds = named ?? (await inSegment()).all().map(({ customerId }) => customerId);
  const list = { customerIds, nProducts, asOf, withReasons: true, rules };
  const customers = await offersForList(parts, list, { ...source, ...call });
  const chosen = customerIds.length;
  return { segment, asOf, customers, chosen, card, text: undefined, trainedNow };
}
