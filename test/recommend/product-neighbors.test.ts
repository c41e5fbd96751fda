import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeTastefulShop } from '../helpers/recommendation-shop.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

const pairSchema = z.object({ customer_id: z.number(), product_id: z.number() });
const neighborSchema = z.object({
  product_id: z.number(),
  neighbor_id: z.number(),
  similarity: z.number(),
  weight: z.number(),
});

/** Of all pairs of products with at least two buyers in common: the cosine of their buyers, in millionths. */
function naiveSimilarities(pairs: readonly z.infer<typeof pairSchema>[]) {
  const buyers = new Map<number, Set<number>>();
  for (const { customer_id, product_id } of pairs) {
    buyers.set(product_id, (buyers.get(product_id) ?? new Set()).add(customer_id));
  }
  const similarityOf = (one: number, other: number) => {
    const [ofOne, ofOther] = [buyers.get(one) ?? new Set(), buyers.get(other) ?? new Set()];
    const common = [...ofOne].filter((customer) => ofOther.has(customer)).length;
    return one === other || common < 2
      ? 0
      : Math.round((1e6 * common) / Math.sqrt(ofOne.size * ofOther.size));
  };
  return { products: [...buyers.keys()].sort((a, b) => a - b), similarityOf };
}

/** The 50 most similar, the more similar first, then by id. */
function naiveClosest(product: number, { products, similarityOf }: ReturnType<typeof naiveSimilarities>) {
  return products
    .filter((other) => similarityOf(product, other) > 0)
    .sort((a, b) => similarityOf(product, b) - similarityOf(product, a) || a - b)
    .slice(0, 50);
}

/** Two steps of Jacobi's method over the whole matrix of the closest products. */
function naiveWeights(product: number, all: ReturnType<typeof naiveSimilarities>) {
  const closest = naiveClosest(product, all);
  const matrix = closest.map((one) =>
    closest.map((other) => (one === other ? 2e6 : all.similarityOf(one, other))),
  );
  const scales = matrix.map((row) => row.reduce((sum, value) => sum + value, 0));
  const target = closest.map((neighbor) => all.similarityOf(product, neighbor));
  const first = target.map((similarity, at) => Math.round((1e6 * similarity) / scales[at]));
  return closest.map((neighbor, at): [number, number] => {
    const others = matrix[at].reduce((sum, value, i) => sum + (i === at ? 0 : value * first[i]), 0);
    const left = target[at] - 2 * first[at] - Math.round(others / 1e6);
    return [neighbor, first[at] + Math.round((1e6 * left) / scales[at])];
  });
}

describe('product neighbours', () => {
  it.each([12, 70])(
    'have the weights that a loop over all products gives, for %i products',
    async (count) => {
      await using snapshot = await makeSnapshot(makeTastefulShop(60, count));
      const read = <Row>(text: string, schema: z.ZodType<Row>) =>
        snapshot.data.rows({ text, values: [] }, schema);
      const pairs = await read('select customer_id, product_id from interactive.purchased_pairs', pairSchema);
      const all = naiveSimilarities(pairs);
      const expected = new Map<string, number>();
      for (const product of all.products) {
        for (const [neighbor, weight] of naiveWeights(product, all))
          expected.set(`${product} ${neighbor}`, weight);
      }
      const found = await read('select * from interactive.product_neighbors', neighborSchema);
      expect(found.length).toBeGreaterThanOrEqual(expected.size);
      for (const { product_id, neighbor_id, similarity, weight } of found) {
        expect(similarity).toBe(all.similarityOf(product_id, neighbor_id));
        expect(weight).toBe(expected.get(`${product_id} ${neighbor_id}`) ?? 0);
      }
      const weighed = found.filter(({ weight }) => weight > 0);
      expect(weighed.length).toBe([...expected.values()].filter((weight) => weight > 0).length);
    },
  );
});
