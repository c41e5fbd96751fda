/** Questions about all customers, through a real client over real snapshots. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { makeSnapshot, newTestHome } from '../helpers/snapshot.ts';

const order = (order_id: string, customer_id: number, order_date: string, total_amount: number) => ({
  order_id,
  customer_id,
  order_date,
  total_amount,
});

let services: Services;
let client: Awaited<ReturnType<typeof connectClient>>;
beforeAll(async () => {
  const home = await newTestHome();
  const shop = await makeSnapshot(
    {
      customers: [{ customer_id: 1, customer_segment: '=Premium' }],
      orders: [
        order('a', 1, '2025-08-01', 600),
        order('b', 1, '2025-12-30', 500),
        order('c', 2, '2025-09-28', 50),
        order('d', 3, '2025-12-29', 20),
        order('e', 4, '2025-03-01', 700),
      ],
    },
    home,
  );
  await shop[Symbol.asyncDispose]();
  services = createServices({ home, threads: 1 });
  client = await connectClient(services);
});
afterAll(async () => {
  await client.close();
  await services[Symbol.asyncDispose]();
});

describe('get_shop_overview', () => {
  it('says who is active, who lapsed, who came back and who is new, without training anything', async () => {
    const { text, structuredContent } = await callText(client, 'get_shop_overview', { months: 2 });
    expect(text).toMatchInlineSnapshot(`
      "2 of your 4 customers are active as of 2025-12-30.
      Since 2025-12-23: 1 stopped being active, 1 became active again, 1 ordered for the first time. Active customers: 2, from 1.
      No forecast has been trained yet, so the money at risk is not known: get_at_risk_customers trains it on its first call.

      By month:
      - 2025-09: 50 from 1 order of 1 customer, 1 of them new
      - 2025-12: 520 from 2 orders of 2 customers, 1 of them new

      By segment:
      - NEW_CUSTOMERS (1-2 orders): 3 customers (75%), 1,170 spent in all
      - HIGH_VALUE_INACTIVE (>$500, inactive 180+ days): 1 customer (25%), 700 spent in all
      Away for more than 180 days, in both segments of inactive customers together (LAPSED): 1 customer.
      find_customers lists who is in a segment.
      By your own customer segment:
      - =Premium: 1 customer (25%), 1,100 spent in all

      Active: ordered in the 90 days before 2025-12-30. At stake = chance of leaving × what the customer would spend in that time.
      Data: orders up to 30 December 2025, imported today."
    `);
    expect(structuredContent).toMatchObject({
      compared_with: '2025-12-23',
      active_customers: 2,
      active_before: 1,
      newly_lapsed: 1,
      won_back: 1,
      new_customers: 1,
      risk: null,
    });
  });

  it('compares with any day, among customers who match', async () => {
    const { text } = await callText(client, 'get_shop_overview', {
      filter: { min_spent: 500 },
      compare_with: '2025-08-15',
      response_format: 'concise',
    });
    expect(text).toMatchInlineSnapshot(`
      "1 of your 2 customers who spent 500 or more is active as of 2025-12-30.
      Since 2025-08-15: 0 stopped being active, 0 became active again, 0 ordered for the first time. Active customers: 1, from 1.
      No forecast has been trained yet, so the money at risk is not known: get_at_risk_customers trains it on its first call.
      Data: orders up to 30 December 2025, imported today."
    `);
  });

  it('compares with the data as the import before left it', async () => {
    const home = await newTestHome();
    const before = [order('a', 1, '2025-08-01', 600), order('b', 2, '2025-12-01', 50)];
    for (const orders of [
      before,
      [...before, order('c', 3, '2025-11-20', 70), order('d', 1, '2025-12-20', 9)],
    ]) {
      await (await makeSnapshot({ orders }, home))[Symbol.asyncDispose]();
    }
    await using own = createServices({ home, threads: 1 });
    const caller = await connectClient(own);
    const args = { compare_with: 'last_import', response_format: 'concise' };
    const { text } = await callText(caller, 'get_shop_overview', args);
    expect(text.split('\n')[1]).toBe(
      'Since the import before, whose orders end on 2025-12-01: 0 stopped being active, 1 became active again, 1 ordered for the first time. Active customers: 3, from 1.',
    );
    await caller.close();
  });

  it('compares a group with an import that knew none of it', async () => {
    const home = await newTestHome();
    const orders = [order('a', 1, '2025-12-01', 600), order('b', 2, '2025-12-01', 50)];
    for (const customer_segment of ['Basic', 'Gold']) {
      const customers = [{ customer_id: 1, customer_segment }];
      await (await makeSnapshot({ orders, customers }, home))[Symbol.asyncDispose]();
    }
    await using own = createServices({ home, threads: 1 });
    const caller = await connectClient(own);
    const args = { compare_with: 'last_import', filter: { customer_segment: 'gold' } };
    const { structuredContent } = await callText(caller, 'get_shop_overview', args);
    expect(structuredContent).toMatchObject({ customers: 1, active_before: 0, new_customers: 1 });
    const unknown = await callText(caller, 'get_shop_overview', { filter: { customer_segment: 'Basic' } });
    expect(unknown.text).toBe(
      'No customer has customer_segment "Basic". Values of customer_segment: "Gold".',
    );
    await caller.close();
  });

  it('says so if there was no import before', async () => {
    const { isError, text } = await callText(client, 'get_shop_overview', { compare_with: 'last_import' });
    expect(isError).toBe(true);
    expect(text).toContain('There is no earlier import to compare with.');
  });

  it('names what is wrong', async () => {
    const wrong = await callText(client, 'get_shop_overview', { compare_with: '2020-01-01' });
    expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining('2020-01-01') });
  });
});

describe('find_customers', () => {
  it('counts all who match, and lists a page of them', async () => {
    const { text, structuredContent } = await callText(client, 'find_customers', {
      filter: { segment: 'new customers' },
      limit: 1,
    });
    expect(text).toMatchInlineSnapshot(`
      "3 customers in segment "new customers" as of 2025-12-30. They have spent 1,170 in all.
      1. Customer 1: 2 orders, 1,100.00, the last on 2025-12-30 (the last day looked at).
      The list goes on: offset 1 shows the next.
      Data: orders up to 30 December 2025, imported today."
    `);
    expect(structuredContent).toMatchObject({ total_customers: 3, total_spent: 1170, next_offset: 1 });
  });

  it('says so if nobody matches, or the page is beyond the end', async () => {
    const nobody = await callText(client, 'find_customers', { filter: { min_orders: 9 } });
    expect(nobody.text).toMatch(/^No customers who ordered 9 times or more had ordered by 2025-12-30\.$/m);
    const behind = await callText(client, 'find_customers', { offset: 40 });
    expect(behind.text).toContain('Offset 40 is beyond the end of the list.');
  });
});

describe('get_cohort_retention', () => {
  it('tells who lapsed by month, and who came back in the months since the first order', async () => {
    const { text, structuredContent } = await callText(client, 'get_cohort_retention', { cohorts: 3 });
    expect(structuredContent).toMatchObject({
      horizon_days: 90,
      churn_by_month: [
        { month: '2025-10', active_at_start: 2, lapsed: 1, won_back: 0 },
        { month: '2025-11', active_at_start: 1, lapsed: 0, won_back: 0 },
        { month: '2025-12', active_at_start: 1, lapsed: 1, won_back: 1 },
      ],
    });
    expect(text).toMatchInlineSnapshot(`
      "In 2025-11, 0 of 1 active customer (0.0%) stopped being active, and 0 became active again.
      Of 1 customer with a first order in 2025-08, 0% ordered in the third month after it.

      Churn by month:
      | month | active when it began | stopped being active | share | active again |
      | --- | --- | --- | --- | --- |
      | 2025-10 | 2 | 1 | 50.0% | 0 |
      | 2025-11 | 1 | 0 | 0.0% | 0 |
      | 2025-12 (not over) | 1 | 1 | 100.0% | 1 |
      Active: ordered in the 90 days before.

      Who came back, by month of the first order:
      | first order | customers | +1 | +2 | +3 | +4 | spent so far |
      | --- | --- | --- | --- | --- | --- | --- |
      | 2025-08 | 1 | 0% | 0% | 0% | 100% | 1,100 |
      | 2025-09 | 1 | 0% | 0% | 0% |  | 50 |
      | 2025-12 | 1 |  |  |  |  | 20 |

      +1 is the month after the first order: the share of the customers who ordered in it. Orders up to 2025-12-30 count, so the last month of each row may not be over.
      Data: orders up to 30 December 2025, imported today."
    `);
  });

  it('compares groups of customers, by segment or by what the import kept', async () => {
    const { text, structuredContent } = await callText(client, 'get_cohort_retention', { by: 'segment' });
    expect(text).toMatchInlineSnapshot(`
      "The groups by "segment" are too young or too small to tell: none has 20 customers with three whole months behind them.

      | segment | customers | +1 | +2 | +3 | +4 | +5 | +6 | +7 | +8 |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | NEW_CUSTOMERS | 3 | 0% | 0% | 0% |  |  |  |  |  |
      | HIGH_VALUE_INACTIVE | 1 | 0% | 0% | 0% | 0% | 0% | 0% | 0% | 0% |

      +1 is the month after the first order: the share of the customers who ordered in it, of all months of first orders for which it is over by 2025-12-30. Small groups vary by chance.
      Data: orders up to 30 December 2025, imported today."
    `);
    expect(structuredContent).toMatchObject({
      groups: [
        { name: 'NEW_CUSTOMERS', customers: 3 },
        { name: 'HIGH_VALUE_INACTIVE', customers: 1 },
      ],
    });
  });

  it('says in every answer as of a later day that no orders are known after the last one', async () => {
    const { text } = await callText(client, 'find_customers', { as_of: '2026-01-02' });
    expect(text.split('\n').at(-1)).toBe(
      'Data: orders up to 30 December 2025, imported today. No orders are known for the 3 days up to 2 January 2026, so customers may seem more silent than they are. Import the newer orders, or leave out as_of.',
    );
  });

  it('names what customers can be grouped by', async () => {
    const { isError, text } = await callText(client, 'get_cohort_retention', { by: 'planet' });
    expect(isError).toBe(true);
    expect(text).toMatchInlineSnapshot(
      `"This shop cannot be grouped by "planet". Group by one of "segment", "customer_segment". Another column of a file is kept with --keep COLUMN at the import."`,
    );
  });
});
