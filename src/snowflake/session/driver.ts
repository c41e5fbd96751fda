import type snowflakeSdk from 'snowflake-sdk';
import { loadOptional } from '../../optional-package.ts';

export type Driver = typeof snowflakeSdk;

let loading: Promise<Driver> | undefined;

/** The driver, loaded at first use: loading takes a second, and most servers never need it. */
export function loadDriver(): Promise<Driver> {
  loading ??= importDriver();
  return loading;
}

/**
 * By default the driver writes to standard output and to a file in the working folder, asks cloud metadata addresses where
 * it runs, and evaluates variant columns as code. All of this is switched off here.
 */
async function importDriver(): Promise<Driver> {
  process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION = 'true';
  process.env.SNOWFLAKE_DISABLE_MINICORE = '1';
  process.env.SF_TELEMETRY_DISABLE_CONNECTION_SHAPE = '1';
  const { default: driver } = await loadOptional('snowflake-sdk', () => import('snowflake-sdk'));
  driver.configure({
    logLevel: 'OFF',
    customLogger: { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore },
    jsonColumnVariantParser: (text: string) => JSON.parse(text),
  });
  return driver;
}

/** Log lines of the driver contain statements and hosts, so they are dropped; failures reach us as errors. */
function ignore(): void {}
