import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openEngine } from '../../src/data/duckdb/duckdb-engine.ts';
import { loadSql } from '../../src/data/load-sql.ts';
import { makeTastefulShop } from '../helpers/recommendation-shop.ts';
import { makeSnapshot, newTestHome } from '../helpers/snapshot.ts';

const pairSchema = z.object({ customer_id: z.number(), product_id: z.number() });
const neighborSchema = z.object({
  product_id: z.number(),
  neighbor_id: z.number(),
  similarity: z.number(),
  weight: z.number(),
});
type Neighbor = z.infer<typeof neighborSchema>;

/** 3,000 customers who own about 40 of 10,000 products each, drawn by a hash. */
const MANY_PAIRS = `
  create schema interactive;
  create table interactive.observed_baskets as
  select distinct customer as customer_id, cast(hash(customer, line) % 10000 as bigint) as product_id
  from range(3000) as customers (customer), range(40) as lines (line)`;

const PENALTY = 300;
const STEPS = [1.1327, 3.1529] as const;

/** What a shop's serving tables hold: the pairs bought and the neighbours. */
async function readNeighbors(customers: number, products: number) {
  await using snapshot = await makeSnapshot(makeTastefulShop(customers, products));
  const read = <Row>(text: string, schema: z.ZodType<Row>) =>
    snapshot.data.rows({ text, values: [] }, schema);
  const pairs = await read('select customer_id, product_id from interactive.purchased_pairs', pairSchema);
  const found = await read('select * from interactive.product_neighbors', neighborSchema);
  return { shop: commonBuyersOf(pairs), found };
}

/** The cosine of the sets of buyers is in millionths; one buyer in common is chance and counts as none. */
function commonBuyersOf(pairs: readonly z.infer<typeof pairSchema>[]) {
  const products = [...new Set(pairs.map(({ product_id }) => product_id))].sort((a, b) => a - b);
  const baskets = new Map<number, number[]>();
  for (const { customer_id, product_id } of pairs) {
    baskets.set(customer_id, [...(baskets.get(customer_id) ?? []), product_id]);
  }
  const counts = new Map<string, number>();
  for (const basket of baskets.values()) {
    for (const one of basket) {
      for (const other of basket) counts.set(`${one} ${other}`, (counts.get(`${one} ${other}`) ?? 0) + 1);
    }
  }
  /** Buyers in common; of a product with itself, its buyers. */
  const common = (one: number, other: number) => {
    const both = counts.get(`${one} ${other}`) ?? 0;
    return both < 2 ? 0 : both;
  };
  const similarity = (one: number, other: number) =>
    Math.round((1e6 * common(one, other)) / Math.sqrt(common(one, one) * common(other, other)));
  return { products, common, similarity };
}
type Shop = ReturnType<typeof commonBuyersOf>;

/** The closest products by similarity, then by id. */
function naiveClosest(to: number, among: readonly number[], { similarity }: Shop, most: number): number[] {
  return among
    .filter((other) => other !== to && similarity(to, other) > 0)
    .sort((a, b) => similarity(to, b) - similarity(to, a) || a - b)
    .slice(0, most);
}

/**
 * By product, matrix and right side of the regression of its buyers on those of the 30 products that say most of it, of
 * those that have it among their 100 closest.
 */
function regressionsOf(shop: Shop) {
  const { products, common } = shop;
  const closest = new Map(
    products.map((owned) => [owned, new Set(naiveClosest(owned, products, shop, 100))] as const),
  );
  return products.map((product) => {
    const among = products.filter((owned) => closest.get(owned)?.has(product));
    const tellers = naiveClosest(product, among, shop, 30);
    const matrix = tellers.map((one) =>
      tellers.map((other) => common(one, other) + (one === other ? PENALTY : 0)),
    );
    return { product, tellers, matrix, target: tellers.map((teller) => common(teller, product)) };
  });
}

function naiveWeights({ matrix, target }: ReturnType<typeof regressionsOf>[number]): number[] {
  const scales = matrix.map((row) => row.reduce((sum, value) => sum + value, 0));
  const first = target.map((value, at) => Math.round((STEPS[0] * 1e6 * value) / scales[at]));
  return matrix.map((row, at) => {
    const explained = row.reduce((sum, value, i) => sum + value * first[i], 0);
    return first[at] + Math.round((STEPS[1] * (1e6 * target[at] - explained)) / scales[at]);
  });
}

/** By Gauss and Jordan. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const rows = matrix.map((row, at) => [...row, ...row.map((_, i) => (i === at ? 1 : 0))]);
  for (const [pivot, row] of rows.entries()) {
    const scale = row[pivot];
    rows[pivot] = row.map((value) => value / scale);
    for (const [at, other] of rows.entries()) {
      if (at === pivot) continue;
      const factor = other[pivot];
      rows[at] = other.map((value, i) => value - factor * rows[pivot][i]);
    }
  }
  return rows.map((row) => row.slice(matrix.length));
}

/** EASE over all products: B = I - P diag(1 / diag P), P = (X'X + penalty)^-1; by product of the column and of the row. */
function easeWeights({ products, common }: Shop): number[][] {
  const gram = products.map((one) =>
    products.map((other) => common(one, other) + (one === other ? PENALTY : 0)),
  );
  const inverse = inverseOf(gram);
  return products.map((_, column) =>
    products.map((_, row) => (row === column ? 0 : -inverse[row][column] / inverse[column][column])),
  );
}

function energyOf(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  let energy = 0;
  for (const [at, row] of matrix.entries()) {
    for (const [i, value] of row.entries()) energy += vector[at] * value * vector[i];
  }
  return Math.sqrt(energy);
}

const weightOf = (found: readonly Neighbor[], owned: number, product: number) =>
  found.find(({ product_id, neighbor_id }) => product_id === owned && neighbor_id === product)?.weight ?? 0;

describe('product neighbours', () => {
  it.each([12, 90])(
    'have the weights that a loop over all products gives, for %i products',
    async (count) => {
      const { shop, found } = await readNeighbors(60, count);
      const expected = new Map<string, number>();
      for (const regression of regressionsOf(shop)) {
        const weights = naiveWeights(regression);
        for (const [at, owned] of regression.tellers.entries())
          expected.set(`${owned} ${regression.product}`, weights[at]);
      }
      expect(expected.size).toBeGreaterThan(count);
      for (const { product_id, neighbor_id, similarity, weight } of found) {
        expect(similarity).toBe(shop.similarity(product_id, neighbor_id));
        expect(weight).toBe(expected.get(`${product_id} ${neighbor_id}`) ?? 0);
      }
      const weighed = found.filter(({ weight }) => weight !== 0);
      expect(weighed.length).toBe([...expected.values()].filter((weight) => weight !== 0).length);
    },
  );

  it('are weighed as dense EASE weighs them, but for what two steps of the iteration leave', async () => {
    const { shop, found } = await readNeighbors(500, 12);
    const dense = easeWeights(shop);
    for (const [column, product] of shop.products.entries()) {
      const others = shop.products.filter((other) => other !== product);
      const matrix = others.map((one) =>
        others.map((other) => shop.common(one, other) + (one === other ? PENALTY : 0)),
      );
      const exact = dense[column].filter((_, row) => row !== column);
      const ours = others.map((owned) => weightOf(found, owned, product) / 1e6);
      const error = energyOf(
        matrix,
        ours.map((weight, at) => weight - exact[at]),
      );
      // 1 / T2(1.5), the bound of two Chebyshev steps on [0.2, 1], and rounding to millionths.
      expect(error).toBeLessThan((2 / 7 + 0.001) * energyOf(matrix, exact));
    }
  });

  it('are counted in parts: 2.3 million pairs, nearly all bought together once, in 130 MB without a spill', async () => {
    const engine = await openEngine(':memory:', { readOnly: false, spillIn: await newTestHome() });
    const connection = await engine.connect();
    await connection.run("set memory_limit = '130MB'; set temp_directory = ''; set threads = 2");
    await connection.run(MANY_PAIRS);
    await connection.run(
      `create table interactive.common_buyers as ${loadSql('portable/tables/common_buyers')}`,
    );
    const counted = `select count(*) from (${loadSql('portable/tables/product_neighbors')})`;
    const result = await connection.runAndReadAll(counted);
    expect(result.getRows()).toEqual([[108100n]]);
    connection.closeSync();
    engine.closeSync();
  });
});
