/** Models that serve inside Snowflake: the scores of their functions, and the text of the procedure. */
import { Dialect, init, parse } from '@polyglot-sql/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DeployedAccount, openAccount } from '../../helpers/snowflake/deployed-account.ts';
import { execute } from '../../helpers/snowflake/driver-connection.ts';

let account: DeployedAccount;

beforeAll(async () => {
  account = await openAccount();
  await account.deploy(await account.plan());
});

afterAll(async () => {
  await account[Symbol.asyncDispose]();
});

describe('a deployed model', () => {
  it.each(['customer_churn_predictor', 'customer_churn_forecast'] as const)(
    'scores every customer with %s as this server does',
    async (model) => {
      const scores = await account.services.score({ model }, { signal: new AbortController().signal });
      const { version } = await account.services.registry.card(model);
      const rows = z
        .array(z.tuple([z.number(), z.string(), z.number()]))
        .parse(
          await execute(
            account.connection,
            `select customer_id, model_version, churn_probability from "AUTOMATED_INTELLIGENCE"."MODELS"."${model.toUpperCase()}_PROBABILITIES" order by customer_id`,
          ),
        );
      expect(rows.map(([id]) => id)).toEqual(scores.customerIds);
      expect(new Set(rows.map(([, scoredBy]) => scoredBy))).toEqual(new Set([version]));
      const distances = rows.map(([, , score], row) => Math.abs(score - scores.probabilities[row]));
      expect(Math.max(...distances)).toBeLessThan(1e-6);
    },
  );
});

describe('the deployed procedure', () => {
  it.each([
    [3, 3, 'LOW_ENGAGEMENT'],
    [10, 2, 'HIGH_VALUE_ACTIVE'],
    [5, 100, 'NEW_CUSTOMERS'],
    [4, 3, 'at risk'],
    [4, 3, 'REGULAR'],
  ])(
    'returns the text of the tool for %j customers, %j products, %j',
    async (n_customers, n_products, segment) => {
      const expected = await account.call('get_product_recommendations', {
        n_customers,
        n_products,
        segment,
      });
      const rows = await execute(
        account.connection,
        `call "AUTOMATED_INTELLIGENCE"."MODELS"."GET_PRODUCT_RECOMMENDATIONS"(${n_customers}, ${n_products}, '${segment}')`,
      );
      // The procedure does not say when the data was imported.
      const text = expected.text.replace(/\nData: orders up to .*$/, '');
      expect(z.tuple([z.tuple([z.string()])]).parse(rows)[0][0]).toBe(text);
    },
  );

  it('reads with a statement that is Snowflake SQL and binds its arguments', async () => {
    await init();
    const [, { text }] = await account.plan(['procedure']);
    const [, statement = ''] = /\bfrom \((.*)\n {4}\);/s.exec(text) ?? [];
    const plain = statement.replaceAll(/"AUTOMATED_INTELLIGENCE"\."CHURN_MCP_FUNCTIONS"\."(\w+)"/g, '$1');
    expect(parse(plain, Dialect.Snowflake)).toMatchObject({ success: true });
    expect(plain).toContain('trim(:segment)');
    expect(text).not.toMatch(/execute immediate/i);
  });
});
