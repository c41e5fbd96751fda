import { readFile } from 'node:fs/promises';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServices } from '../../src/server/create-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { phoneCsv, phoneCustomers } from '../helpers/phone-company-table.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const customers = phoneCustomers(3000);
const byId = new Map(customers.map((customer) => [customer.id, customer]));
const listSchema = z.object({
  customers: z.array(
    z.object({
      customer_id: z.string(),
      churn_probability: z.number(),
      value: z.number().nullable(),
      value_at_risk: z.number().nullable(),
      reasons: z.array(z.string()),
    }),
  ),
  active_customers: z.int(),
  listed_customers: z.int(),
  total_value_at_risk: z.number().nullable(),
  total_value_low: z.number().nullable(),
  total_value_high: z.number().nullable(),
  exported: z.object({ path: z.string(), rows: z.int() }).optional(),
});

/** Figures follow from the recipe of the day. */
function withoutFigures(text: string): string {
  return text.replace(/\d{4}-[A-Z]{5}/g, 'ID').replace(/\d+(?:[.,]\d+)*/g, 'N');
}

describe('a table of a telephone company’s customers, in chat', () => {
  let services: ReturnType<typeof createServices>;
  let client: Client;
  const ask = async (name: string, args: Record<string, unknown> = {}) => {
    const answer = await callText(client, name, args);
    return { ...answer, text: answer.text.replace(/v_\d{8}_\d{6}/g, 'VERSION') };
  };
  const list = async (args: Record<string, unknown> = {}) =>
    listSchema.parse((await ask('get_at_risk_customers', args)).structuredContent);
  const table = {
    csv: phoneCsv(customers),
    csv_is: 'features',
    id: 'customerID',
    target: 'Churn',
    value: 'MonthlyCharges',
  };

  beforeAll(async () => {
    services = createServices({ home: await newTestHome(), threads: 1 });
    client = await connectClient(services);
  });
  afterAll(async () => {
    await client.close();
    await services[Symbol.asyncDispose]();
  });

  it('is shown first and imported when asked to, with its column of money', async () => {
    const shown = await ask('import_data', table);
    expect(shown.text).toMatchInlineSnapshot(`
      "This import would give 3,000 customers, of whom 936 churned ("Churn" is "Yes"). Nothing was changed.

      3,000 rows read, 3,000 kept
        numbers: "SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"
        categories: "gender", "Contract", "InternetService", "PaymentMethod"
        money at stake per customer who leaves: "MonthlyCharges"

      If this is right, call import_data again with dry_run: false."
    `);
    expect(shown.structuredContent).toMatchObject({ imported: false, customers: 3000 });
    expect((await ask('get_at_risk_customers')).text).toContain('No orders have been imported yet');
    const imported = await ask('import_data', { ...table, dry_run: false });
    expect(imported.text.split('\n')[0]).toContain('Imported 3,000 customers, of whom');
  });

  it('answers who may leave, most money at stake first, and trains the model for it', async () => {
    const { text } = await ask('get_at_risk_customers', { limit: 3 });
    expect(withoutFigures(text)).toMatchInlineSnapshot(`
      "N of the N customers who are still there are more likely than not to leave. At stake over all N: about N (N to N) of MonthlyCharges.
      Whom to contact: N of N customers with a risk of N% or more, most at stake first:

      N. Customer ID: N% likely to leave (average: N%), N of N at stake. Why: Contract is Month-to-month (N% of such customers left); tenure is N (of those with less than N, N% left); InternetService is Fiber optic (N% of such customers left).
      N. Customer ID: N% likely to leave (average: N%), N of N at stake. Why: tenure is N (of those with less than N, N% left); Contract is Month-to-month (N% of such customers left); InternetService is Fiber optic (N% of such customers left).
      N. Customer ID: N% likely to leave (average: N%), N of N at stake. Why: tenure is N (of those with less than N, N% left); Contract is Month-to-month (N% of such customers left); InternetService is Fiber optic (N% of such customers left).

      How far to trust it: of N customers set aside to judge it given about N%, N% left.
      Leaving: Churn is Yes, as for N% of all customers of the table. The table has no dates of orders, so the risk is for as long a time as that column covers.
      At stake = chance of leaving × MonthlyCharges.
      Risk is not persuadability: a high risk does not mean that an offer would keep them.
      Model: customer_churn_column VERSION, trained just now because there was none.
      Data: a table of customers, imported today."
    `);
  });

  it('lists customers who are still there alone, by probability × money', async () => {
    const found = await list({ limit: 1000, min_probability: 0, response_format: 'concise' });
    expect(found.active_customers).toBe(customers.filter(({ churned }) => !churned).length);
    for (const { customer_id, churn_probability, value, value_at_risk } of found.customers) {
      const customer = byId.get(customer_id);
      expect(customer?.churned).toBe(false);
      expect(value).toBeCloseTo(customer?.monthly ?? 0, 2);
      expect(value_at_risk).toBeCloseTo(churn_probability * (value ?? 0), 3);
    }
    const stakes = found.customers.map(({ value_at_risk }) => value_at_risk ?? 0);
    expect(stakes).toEqual([...stakes].sort((a, b) => b - a));
  });

  it('says what is at stake within its range of what the customers’ true risks are worth', async () => {
    const found = await list({ limit: 1 });
    const truth = customers
      .filter(({ churned }) => !churned)
      .reduce((sum, { risk, monthly }) => sum + risk * monthly, 0);
    expect(found.total_value_low).toBeLessThan(truth);
    expect(found.total_value_high).toBeGreaterThan(truth);
  });

  it('filters by the columns of the table, and refuses what a table does not have', async () => {
    const all = await list({ limit: 1, min_probability: 0 });
    const fiber = await list({
      limit: 1,
      min_probability: 0,
      filter: { attributes: ['internetservice=fiber optic', 'SeniorCitizen=1'] },
    });
    const wanted = customers.filter(
      ({ churned, internet }, i) => !churned && internet === 'Fiber optic' && i % 7 === 0,
    );
    expect(fiber.active_customers).toBe(wanted.length);
    expect(fiber.active_customers).toBeLessThan(all.active_customers);
    const errors: string[] = [];
    for (const args of [
      { filter: { attributes: ['Kontract=One year'] } },
      { filter: { min_spent: 5 } },
      { as_of: '2026-01-01' },
    ]) {
      errors.push((await ask('get_at_risk_customers', { label: 'column', ...args })).text);
    }
    expect(errors.join('\n')).toMatchInlineSnapshot(`
      "The table of customers has no column "kontract". Did you mean "Contract"? Customers can be filtered by: "gender", "SeniorCitizen", "tenure", "Contract", "InternetService", "PaymentMethod", "MonthlyCharges", "TotalCharges".
      A table of customers has no orders, so it can be filtered by attributes only. Filter by columns of the table, as in attributes: ["Contract=Month-to-month"], and leave out the rest.
      A table of customers has no dates of orders, so as_of does not apply to it. Leave out as_of."
    `);
  });

  it('is exported with the risk, the reasons and the columns of the table', async () => {
    const { exported, listed_customers } = await list({ export: 'csv', limit: 1 });
    expect(exported?.rows).toBe(listed_customers);
    const [header, first] = (await readFile(exported?.path ?? '', 'utf8')).split('\n');
    expect(header.trim()).toMatchInlineSnapshot(
      `"customer_id,churn_probability,value,value_at_risk,reason_1,reason_2,reason_3,gender,SeniorCitizen,tenure,Contract,InternetService,PaymentMethod,MonthlyCharges,TotalCharges,model_version"`,
    );
    expect(byId.has(first.split(',')[0].replaceAll('"', ''))).toBe(true);
  });

  it('explains one customer by the columns that move the risk', async () => {
    const {
      customers: [{ customer_id }],
    } = await list({ limit: 1 });
    const { text } = await ask('explain_churn_risk', { customer_id });
    expect(withoutFigures(text)).toMatchInlineSnapshot(`
      "Customer ID: N% likely to leave. N of N MonthlyCharges is at stake. They are at risk, as all from N% up, which is the average of those still there: consider them when you choose whom to contact.
      What the table says: gender Male, SeniorCitizen N, tenure N, Contract Month-to-month, InternetService Fiber optic, PaymentMethod Electronic check, MonthlyCharges N, TotalCharges N.

      Speaks for leaving:
      - Contract is Month-to-month (N% of such customers left)
      - tenure is N (of those with less than N, N% left)
      - InternetService is Fiber optic (N% of such customers left)
      - MonthlyCharges is N (of those with N or more, N% left)
      - PaymentMethod is Electronic check (N% of such customers left)
      - TotalCharges is N (of those with less than N, N% left)
      Speaks for staying: nothing.

      Of N customers who were set aside and given about N%, N% left.
      Leaving: Churn is Yes, as for N% of all customers of the table. Both lists compare with the average customer of the table, the strongest reason first.
      The figures say how the model reasons from the table, not what caused anything; risk is not persuadability.
      Model: customer_churn_column VERSION.
      Data: a table of customers, imported today."
    `);
    const gone = customers.find(({ churned }) => churned)?.id;
    expect((await ask('explain_churn_risk', { customer_id: gone })).text).toContain('has left already');
    expect((await ask('explain_churn_risk', { customer_id: 'nobody' })).text).toContain(
      'has no customer with that id',
    );
  });

  it('lists by probability, and says how to see money, if no column of money was named', async () => {
    const { value: _, ...plain } = table;
    await ask('import_data', { ...plain, dry_run: false });
    const { text } = await ask('get_at_risk_customers', { limit: 2, response_format: 'detailed' });
    expect(text).toContain('are expected to leave');
    expect(text).toContain('name its column of money');
    const found = await list({ limit: 50 });
    const risks = found.customers.map(({ churn_probability }) => churn_probability);
    expect(risks).toEqual([...risks].sort((a, b) => b - a));
    expect(found.total_value_at_risk).toBeNull();
  });

  it.each([
    ['a word', 'Contract', 'cannot be read as a number'],
    ['a name that no column has', 'Monthly', 'has no column'],
  ])('refuses %s as the column of money', async (_, value, problem) => {
    expect((await ask('import_data', { ...table, value })).text).toContain(problem);
  });
});
