import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CustomerFilter, findMatching } from '../../src/customers/customer-filter.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';

const order = (order_id: string, customer_id: number, order_date: string, total_amount: number) => ({
  order_id,
  customer_id,
  order_date,
  total_amount,
});
const line = (
  order_id: string,
  product_id: number,
  product_name: string,
  product_category: string | null,
) => ({
  order_id,
  product_id,
  product_name,
  product_category,
  quantity: 1,
  line_total: 10,
});

let shop: TestSnapshot;
beforeAll(async () => {
  shop = await makeSnapshot({
    customers: [
      { customer_id: 1, customer_segment: 'Premium', city: 'Lyon' },
      { customer_id: 2, customer_segment: 'Basic', city: 'lyon' },
      { customer_id: 3, city: 'Oslo' },
    ],
    orders: [
      order('a', 1, '2025-01-10', 600),
      order('b', 1, '2025-12-20', 600),
      order('c', 2, '2025-12-31', 50),
      order('d', 3, '2025-02-01', 20),
      order('e', 4, '2025-03-01', 700),
    ],
    orderItems: [
      line('a', 7, 'Powder Skis', 'Skis'),
      line('b', 8, 'Ski Wax', 'Care'),
      line('c', 9, 'Skis', 'Toys'),
      line('d', 10, 'Sledge', 'Skis'),
      line('e', 11, '7', null),
    ],
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

async function match(filter: CustomerFilter, asOf = '2025-12-31') {
  return (await findMatching(shop.data, { filter, asOf })).all().map(({ customerId }) => customerId);
}

describe('a value that no customer has', () => {
  it.each<[CustomerFilter, string, string]>([
    [{ attributes: ['city=Osol'] }, 'city "Osol"', 'Did you mean "Oslo"? Values of city: "Lyon", "Oslo"'],
    [
      { customerSegment: 'Gold' },
      'customer_segment "Gold"',
      'Values of customer_segment: "Basic", "Premium".',
    ],
    [{ attributes: ['state=Bern'] }, 'state "Bern"', 'knows no state of any customer'],
  ])('is named in %j, with those that customers have', async (filter, named, hint) => {
    await expect(match(filter)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `No customer has ${named}.`,
      hint: expect.stringContaining(hint),
    });
  });
});

describe('a filter of customers', () => {
  it.each<[CustomerFilter, number[]]>([
    [{}, [1, 2, 3, 4]],
    [{ segment: 'lapsed' }, [3, 4]],
    [{ segment: 'High-value inactive' }, []],
    [{ segment: 'at risk' }, [3, 4]],
    [{ customerSegment: 'premium' }, [1]],
    [{ attributes: ['City = Lyon'] }, [1, 2]],
    [{ attributes: ['city=LYON', 'customer_segment=basic'] }, [2]],
    [{ minSpent: 700 }, [1, 4]],
    [{ minSpent: 700, maxSpent: 1000 }, [4]],
    [{ minOrders: 2 }, [1]],
    [{ maxOrders: 1, maxSpent: 50 }, [2, 3]],
  ])('%j leaves %j', async (filter, expected) => {
    expect(await match(filter)).toEqual(expected);
  });

  it.each([
    ['7', [1]],
    ['skis', [2]],
    ['care', [1]],
    ['ski', [1, 2, 3]],
    ['sledge', [3]],
  ])(
    'takes %s for the best kind of match: id, name, category, a part of either',
    async (bought, expected) => {
      expect(await match({ bought })).toEqual(expected);
    },
  );

  it('sees nothing after the day', async () => {
    expect(await match({}, '2025-02-15')).toEqual([1, 3]);
    expect(await match({ minSpent: 700 }, '2025-02-15')).toEqual([]);
    expect(await match({ bought: 'ski wax' }, '2025-02-15')).toEqual([]);
  });

  it('tells what each customer did', async () => {
    const [first] = (await findMatching(shop.data, { filter: {}, asOf: '2025-12-31' })).all();
    expect(first).toEqual({
      customerId: 1,
      segment: 'NEW_CUSTOMERS',
      customerSegment: 'Premium',
      totalOrders: 2,
      totalSpent: 1200,
      firstOrderDate: '2025-01-10',
      lastOrderDate: '2025-12-20',
      daysSinceLastOrder: 11,
    });
  });

  it('refuses what cannot be meant', async () => {
    await expect(match({ bought: 'boots' })).rejects.toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_PRODUCT',
        message: 'No product or category matches "boots".',
      }),
    );
    await expect(match({ segment: 'loyal' })).rejects.toThrow(
      expect.objectContaining({ code: 'UNKNOWN_SEGMENT' }),
    );
    await expect(match({ attributes: ['France'] })).rejects.toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: 'The attribute "France" is not written NAME=VALUE.',
      }),
    );
    await expect(match({ attributes: ['city=Lyon', 'Home Country=France'] })).rejects.toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: 'This shop knows no attribute "home_country" of its customers.',
        hint: 'It knows "city", "state", "zip_code", "customer_segment". To filter by another column of a file, import the file with --keep COLUMN.',
      }),
    );
  });
});
