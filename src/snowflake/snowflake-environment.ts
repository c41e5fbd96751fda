/** The variables for Snowflake, as the configuration reads them. */
import { z } from 'zod';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { AUTHENTICATORS, type SnowflakeSettings } from './snowflake-config.ts';

export const snowflakeEnvironment = {
  CHURN_MCP_SNOWFLAKE_CONNECTION: z.string().max(255).optional(),
  CHURN_MCP_SNOWFLAKE_ACCOUNT: z.string().max(255).optional(),
  CHURN_MCP_SNOWFLAKE_USER: z.string().max(255).optional(),
  CHURN_MCP_SNOWFLAKE_AUTHENTICATOR: z.enum(AUTHENTICATORS).optional(),
  CHURN_MCP_SNOWFLAKE_PASSWORD: z.string().max(4096).optional(),
  CHURN_MCP_SNOWFLAKE_TOKEN: z.string().max(65_536).optional(),
  CHURN_MCP_SNOWFLAKE_TOKEN_FILE: z.string().max(4096).optional(),
  CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_FILE: z.string().max(4096).optional(),
  CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: z.string().max(4096).optional(),
  CHURN_MCP_SNOWFLAKE_ROLE: z.string().max(255).optional(),
  CHURN_MCP_SNOWFLAKE_WAREHOUSE: z.string().max(255).optional(),
  CHURN_MCP_SNOWFLAKE_URL: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  CHURN_MCP_SNOWFLAKE_DATABASE: z.string().max(255).default('AUTOMATED_INTELLIGENCE'),
  CHURN_MCP_SNOWFLAKE_CUSTOMERS: z.string().max(800).default('CUSTOMERS'),
  CHURN_MCP_SNOWFLAKE_ORDERS: z.string().max(800).default('ORDERS'),
  CHURN_MCP_SNOWFLAKE_ORDER_ITEMS: z.string().max(800).default('ORDER_ITEMS'),
  CHURN_MCP_SNOWFLAKE_PRODUCT_CATALOG: z.string().max(800).default('PRODUCT_CATALOG'),
  CHURN_MCP_SNOWFLAKE_WORK_SCHEMA: z.string().max(800).optional(),
  CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA: z.string().max(800).optional(),
  CHURN_MCP_SNOWFLAKE_BULK_FROM: z.coerce.number().int().min(1).default(50_000),
  CHURN_MCP_SNOWFLAKE_TIMEOUT_S: z.coerce.number().int().min(1).max(86_400).default(600),
  CHURN_MCP_SNOWFLAKE_TIME_TRAVEL: z.enum(['true', 'false']).default('true'),
  CHURN_MCP_SNOWFLAKE_DYNAMIC_TABLES: z.enum(['true', 'false']).default('true'),
};

const environmentSchema = z.object(snowflakeEnvironment);

/** @param connectionsFolder where Snowflake's own tools look for connections.toml */
export function snowflakeSettings(
  values: z.output<typeof environmentSchema>,
  segmentThresholds: SegmentThresholds,
  connectionsFolder: string | undefined,
): SnowflakeSettings {
  return {
    connection: values.CHURN_MCP_SNOWFLAKE_CONNECTION,
    connectionsFolder,
    account: values.CHURN_MCP_SNOWFLAKE_ACCOUNT,
    user: values.CHURN_MCP_SNOWFLAKE_USER,
    authenticator: values.CHURN_MCP_SNOWFLAKE_AUTHENTICATOR,
    password: values.CHURN_MCP_SNOWFLAKE_PASSWORD,
    token: values.CHURN_MCP_SNOWFLAKE_TOKEN,
    tokenFile: values.CHURN_MCP_SNOWFLAKE_TOKEN_FILE,
    privateKeyFile: values.CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_FILE,
    privateKeyPassphrase: values.CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE,
    role: values.CHURN_MCP_SNOWFLAKE_ROLE,
    warehouse: values.CHURN_MCP_SNOWFLAKE_WAREHOUSE,
    url: values.CHURN_MCP_SNOWFLAKE_URL,
    database: values.CHURN_MCP_SNOWFLAKE_DATABASE,
    customers: values.CHURN_MCP_SNOWFLAKE_CUSTOMERS,
    orders: values.CHURN_MCP_SNOWFLAKE_ORDERS,
    orderItems: values.CHURN_MCP_SNOWFLAKE_ORDER_ITEMS,
    productCatalog: values.CHURN_MCP_SNOWFLAKE_PRODUCT_CATALOG,
    workSchema: values.CHURN_MCP_SNOWFLAKE_WORK_SCHEMA,
    modelsSchema: values.CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA,
    segmentThresholds,
    bulkFrom: values.CHURN_MCP_SNOWFLAKE_BULK_FROM,
    timeoutS: values.CHURN_MCP_SNOWFLAKE_TIMEOUT_S,
    readsDynamicTables: values.CHURN_MCP_SNOWFLAKE_DYNAMIC_TABLES === 'true',
    timeTravel: values.CHURN_MCP_SNOWFLAKE_TIME_TRAVEL === 'true',
  };
}
