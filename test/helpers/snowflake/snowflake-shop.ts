import { homeLayout, readPointer } from '../../../src/data/home-layout.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/data/segment-thresholds.ts';
import {
  parseSnowflakeConfig,
  type SnowflakeConfig,
  type SnowflakeSettings,
} from '../../../src/snowflake/snowflake-config.ts';
import { openSnowflake } from '../../../src/snowflake/source/snowflake-provider.ts';
import type { TestSnapshot } from '../snapshot.ts';
import { ACCOUNT, USER } from './snowflake-sessions.ts';
import { TestSnowflake, type TestSnowflakeOptions } from './test-snowflake.ts';

export const PASSWORD = 'correct horse';

/** The file that a snapshot is kept in. */
export function snapshotFile({ home, snapshotId }: Pick<TestSnapshot, 'home' | 'snapshotId'>): string {
  return homeLayout(home).snapshot(snapshotId);
}

export async function currentSnapshotFile(home: string): Promise<string> {
  const pointer = await readPointer(home);
  if (pointer === undefined) throw new Error('Nothing has been imported.');
  return homeLayout(home).snapshot(pointer.snapshot);
}

export function snowflakeConfig(
  testServer: Pick<TestSnowflake, 'url'>,
  settings: Partial<SnowflakeSettings> = {},
): SnowflakeConfig {
  return parseSnowflakeConfig({
    account: ACCOUNT,
    user: USER,
    password: PASSWORD,
    url: testServer.url,
    database: 'automated_intelligence',
    customers: 'CUSTOMERS',
    orders: 'ORDERS',
    orderItems: 'ORDER_ITEMS',
    productCatalog: 'PRODUCT_CATALOG',
    segmentThresholds: DEFAULT_THRESHOLDS,
    bulkFrom: 1_000_000,
    timeoutS: 60,
    timeTravel: true,
    readsDynamicTables: true,
    ...settings,
  });
}

/** The same shop in a warehouse, and the product's way to it: `await using shop = await openShop(snapshot)`. */
export async function openShop(
  snapshot: Pick<TestSnapshot, 'home' | 'snapshotId'>,
  options: Partial<TestSnowflakeOptions> = {},
  settings: Partial<SnowflakeSettings> = {},
) {
  const testServer = await TestSnowflake.start({
    user: { password: PASSWORD },
    snapshot: snapshotFile(snapshot),
    ...options,
  });
  const provider = openSnowflake(snowflakeConfig(testServer, settings), { lookAgainMs: 0 });
  return {
    testServer,
    provider,
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await testServer[Symbol.asyncDispose]();
    },
  };
}
