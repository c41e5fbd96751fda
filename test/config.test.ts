import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { DEFAULT_THRESHOLDS } from '../src/data/segment-thresholds.ts';

describe('configuration', () => {
  it('prefers flags to the environment, and the environment to defaults', () => {
    const environment = { CHURN_MCP_HOME: '/from/env', CHURN_MCP_THREADS: '3', OTHER: 'x' };
    expect(readConfig({}, environment)).toEqual({
      home: '/from/env',
      threads: 3,
      logLevel: 'info',
      segmentThresholds: DEFAULT_THRESHOLDS,
      jobAfterMs: 40_000,
      showContacts: false,
      readOnly: false,
      disabledTools: [],
    });
    expect(readConfig({ home: '/from/flag', threads: '5', quiet: true }, environment)).toEqual({
      home: '/from/flag',
      threads: 5,
      logLevel: 'error',
      segmentThresholds: DEFAULT_THRESHOLDS,
      jobAfterMs: 40_000,
      showContacts: false,
      readOnly: false,
      disabledTools: [],
    });
    expect(readConfig({}, {}).home).toContain('churn-mcp');
  });

  it.each([
    [{ CHURN_MCP_HOEM: 'x' }, 'The environment variable CHURN_MCP_HOEM is unknown.'],
    [{ CHURN_MCP_THREADS: 'many' }, /^CHURN_MCP_THREADS is not a number: give a number\./],
    [{ CHURN_MCP_LOG_LEVEL: 'loud' }, /^CHURN_MCP_LOG_LEVEL is "loud": give "error", "info" or "debug"\./],
    [{ CHURN_MCP_JOB_AFTER_S: '0' }, /^CHURN_MCP_JOB_AFTER_S is 0: give more than 0\./],
    [{ CHURN_MCP_SHOW_CONTACTS: 'maybe' }, /^CHURN_MCP_SHOW_CONTACTS is "maybe": give "true" or "false"\./],
    [{ CHURN_MCP_READ_ONLY: 'yes' }, /^CHURN_MCP_READ_ONLY is "yes": give "true" or "false"\./],
    [{ CHURN_MCP_SEGMENTS: 'days=9' }, /^CHURN_MCP_SEGMENTS has "days=9": write NAME=NUMBER/],
    [{ CHURN_MCP_SEGMENTS: 'inactive_days=90;new_orders=1' }, /^CHURN_MCP_SEGMENTS has "inactive_days=90;/],
    [{ CHURN_MCP_SEGMENTS: 'inactive_days=1.5' }, 'CHURN_MCP_SEGMENTS has inactive_days out of range: 1.5'],
    [
      { CHURN_MCP_SEGMENTS: 'new_orders=5' },
      'CHURN_MCP_SEGMENTS has low_engagement_orders=5, which must be more than new_orders (5)',
    ],
  ])('refuses %j', (environment, message) => {
    expect(() => readConfig({}, environment)).toThrow(message);
  });

  it('reads which tools are not offered, whatever spaces and commas stand between them', () => {
    const environment = {
      CHURN_MCP_READ_ONLY: 'true',
      CHURN_MCP_DISABLED_TOOLS: ' import_data,, find_customers,',
    };
    const limits = { readOnly: true, disabledTools: ['import_data', 'find_customers'] };
    expect(readConfig({}, environment)).toMatchObject(limits);
  });

  it('reads where the segments begin, for the data and for Snowflake, and keeps the others', () => {
    const segmentThresholds = { ...DEFAULT_THRESHOLDS, inactiveDays: 90, highValueActive: 249.5 };
    const environment = { CHURN_MCP_SEGMENTS: 'inactive_days=90, high_value_active = 249.5' };
    expect(readConfig({}, environment)).toMatchObject({ segmentThresholds });
    const remote = {
      ...environment,
      CHURN_MCP_DATA_SOURCE: 'snowflake',
      CHURN_MCP_SNOWFLAKE_CONNECTION: 'a',
    };
    expect(readConfig({}, remote).snowflake).toMatchObject({ segmentThresholds });
  });

  it.each(['', ' ', `\${user_config.home}`])('treats %j as not set', (text) => {
    const environment = { CHURN_MCP_HOME: text, CHURN_MCP_THREADS: text, CHURN_MCP_LOG_LEVEL: text };
    expect(readConfig({}, environment)).toEqual(readConfig({}, {}));
  });

  it.each(['/data/what?', 'shop?mode=rw'])(
    'refuses the home folder %s, where the engine cannot write',
    (home) => {
      const refused = 'The path of the home folder has a question mark';
      expect(() => readConfig({ home }, {})).toThrow(refused);
      expect(() => readConfig({}, { CHURN_MCP_HOME: home })).toThrow(refused);
    },
  );

  it('refuses an empty --home, which is often an unset shell variable', () => {
    expect(() => readConfig({ home: '' }, {})).toThrow('--home is empty.');
  });

  it('suggests the known key that is most similar to an unknown one', () => {
    expect(() => readConfig({}, { CHURN_MCP_HOEM: 'x' })).toThrow(
      expect.objectContaining({
        hint: expect.stringMatching(/^Did you mean "CHURN_MCP_HOME"\? Known variables: /),
      }),
    );
  });

  it('refuses 0 threads', () => {
    expect(() => readConfig({ threads: '0' }, {})).toThrow('--threads takes a whole number from 1 to 256.');
  });

  describe('of Snowflake', () => {
    const shop = { CHURN_MCP_DATA_SOURCE: 'snowflake', CHURN_MCP_SNOWFLAKE_CONNECTION: 'shop' };
    const snowflake = (environment: Record<string, string>) =>
      readConfig({}, { ...shop, ...environment }).snowflake;

    it('is undefined if the orders are imported', () => {
      expect(readConfig({}, { CHURN_MCP_SNOWFLAKE_CONNECTION: 'shop' }).snowflake).toBeUndefined();
    });

    it('defaults to the tables of the reference system', () => {
      expect(snowflake({ SNOWFLAKE_HOME: '/etc/snowflake' })).toEqual({
        connection: { kind: 'named', name: 'shop', folder: '/etc/snowflake' },
        modelsSchema: ['AUTOMATED_INTELLIGENCE', 'MODELS'],
        segmentThresholds: DEFAULT_THRESHOLDS,
        bulkFrom: 50_000,
        tables: {
          customers: ['AUTOMATED_INTELLIGENCE', 'RAW', 'CUSTOMERS'],
          orders: ['AUTOMATED_INTELLIGENCE', 'RAW', 'ORDERS'],
          order_items: ['AUTOMATED_INTELLIGENCE', 'RAW', 'ORDER_ITEMS'],
          product_catalog: ['AUTOMATED_INTELLIGENCE', 'RAW', 'PRODUCT_CATALOG'],
        },
        workSchema: ['AUTOMATED_INTELLIGENCE', 'RAW'],
        timeoutS: 600,
        timeTravel: true,
        readsDynamicTables: true,
      });
    });

    it('reads quoted and unquoted names as Snowflake does', () => {
      const config = snowflake({
        CHURN_MCP_SNOWFLAKE_DATABASE: 'shop',
        CHURN_MCP_SNOWFLAKE_ORDERS: '"My ""Shop"""."raw".Sales$1',
        CHURN_MCP_SNOWFLAKE_CUSTOMERS: 'crm.people',
        CHURN_MCP_SNOWFLAKE_PRODUCT_CATALOG: 'none',
        CHURN_MCP_SNOWFLAKE_WORK_SCHEMA: 'scratch.tmp',
        CHURN_MCP_SNOWFLAKE_TIME_TRAVEL: 'false',
      });
      expect(config).toMatchObject({
        tables: {
          orders: ['My "Shop"', 'raw', 'SALES$1'],
          customers: ['SHOP', 'CRM', 'PEOPLE'],
          order_items: ['SHOP', 'RAW', 'ORDER_ITEMS'],
          product_catalog: undefined,
        },
        workSchema: ['SCRATCH', 'TMP'],
        timeTravel: false,
      });
    });

    it.each<[Record<string, string>, string | RegExp]>([
      [
        { CHURN_MCP_SNOWFLAKE_ORDERS: 'orders; drop table x' },
        'CHURN_MCP_SNOWFLAKE_ORDERS is not the name of a table.',
      ],
      [{ CHURN_MCP_SNOWFLAKE_ORDERS: 'a.b.c.d' }, 'CHURN_MCP_SNOWFLAKE_ORDERS is not the name of a table.'],
      [{ CHURN_MCP_SNOWFLAKE_ORDERS: '"open' }, 'CHURN_MCP_SNOWFLAKE_ORDERS is not the name of a table.'],
      [{ CHURN_MCP_SNOWFLAKE_ORDERS: 'none; x' }, 'CHURN_MCP_SNOWFLAKE_ORDERS is not the name of a table.'],
      [{ CHURN_MCP_SNOWFLAKE_WORK_SCHEMA: 'tmp' }, 'CHURN_MCP_SNOWFLAKE_WORK_SCHEMA names no schema.'],
      [{ CHURN_MCP_SNOWFLAKE_ACCOUNT: 'a' }, /are both set/],
      [{ CHURN_MCP_SNOWFLAKE_CONNECTION: '' }, 'No Snowflake account is configured for the data.'],
      [
        { CHURN_MCP_SNOWFLAKE_CONNECTION: '', CHURN_MCP_SNOWFLAKE_ACCOUNT: 'a' },
        'No way to log in to Snowflake is configured.',
      ],
      [{ CHURN_MCP_SNOWFLAKE_URL: 'ftp://x' }, /^CHURN_MCP_SNOWFLAKE_URL is not written as an address/],
      [
        { CHURN_MCP_DATA_SOURCE: 'oracle' },
        /^CHURN_MCP_DATA_SOURCE is "oracle": give "duckdb" or "snowflake"\./,
      ],
    ])('refuses %j', (environment, message) => {
      expect(() => snowflake(environment)).toThrow(message);
    });
  });
});
