import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { ChurnMcpError } from '../errors.ts';
import { IngestLog } from '../ingest/ingest-log.ts';
import { LogDestination } from '../ingest/log-destination.ts';
import type { RowDestination } from '../ingest/row-destination.ts';
import type { RowKind } from '../ingest/row-kinds.ts';
import { SnowflakeDestination } from '../snowflake/streaming/snowflake-destination.ts';

export interface OpenDestination extends AsyncDisposable {
  readonly destination: RowDestination;
  /** In words, as the end of "Stored 3 rows in". */
  readonly name: string;
}

/** The log of the home. */
export async function openLog({ home }: Config): Promise<OpenDestination> {
  const log = await IngestLog.open(home);
  return {
    destination: new LogDestination(log, home),
    name: 'the log of the home folder',
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

/** The shop's tables in Snowflake. @throws USAGE if they are not the shop's data */
export async function openSnowflakeTables(
  { snowflake, home }: Config,
  kind: RowKind | undefined,
  signal: AbortSignal,
): Promise<OpenDestination> {
  if (snowflake === undefined) {
    throw new ChurnMcpError('USAGE', 'The orders are not in Snowflake, so --to-snowflake has no tables.', {
      hint: 'Set CHURN_MCP_DATA_SOURCE=snowflake and the connection, as docs/snowflake.md says, or leave --to-snowflake out.',
    });
  }
  const clock = {
    now: () => new Date(),
    random: Math.random,
    sleep: async (ms: number) => {
      await sleep(ms);
    },
  };
  return {
    destination: await SnowflakeDestination.open({ config: snowflake, home, kind, signal, clock }),
    name: 'Snowflake',
    [Symbol.asyncDispose]: async () => undefined,
  };
}
