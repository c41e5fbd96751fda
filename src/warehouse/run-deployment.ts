import { CollectedRows } from '../data/snowflake/row-collector.ts';
import { queryError } from '../data/snowflake/snowflake-errors.ts';
import { WarehouseSession } from '../data/snowflake/warehouse-session.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { plainText } from '../text/plain-text.ts';
import type { Step } from './deployment-text.ts';

export interface DeploymentRun {
  readonly signal: AbortSignal;
  /** Called before each step. */
  onStep(step: Step, index: number): void;
}

/**
 * Sends the steps one after the other. Every one can be sent again: after a failure, the whole is.
 *
 * @throws SNOWFLAKE_DEPLOY with the warehouse's own words, for whoever deploys has to mend it; and what logins throw
 */
export async function runDeployment(
  steps: readonly Step[],
  config: SnowflakeConfig,
  { signal, onStep }: DeploymentRun,
): Promise<void> {
  const session = await WarehouseSession.open(config, signal);
  try {
    for (const [index, step] of steps.entries()) {
      throwIfAborted(signal);
      onStep(step, index);
      const statement = { text: step.text, values: [], tag: `churn-mcp deploy ${step.file}`, signal };
      await session.run(statement, new CollectedRows()).catch((error: unknown) => {
        throw deployError(error, step, config, signal);
      });
    }
  } finally {
    await session.close();
  }
}

function deployError(
  error: unknown,
  step: Step,
  config: SnowflakeConfig,
  signal: AbortSignal,
): ChurnMcpError {
  const known = queryError(error, config.timeoutS, signal);
  if (['CANCELLED', 'SNOWFLAKE_UNREACHABLE', 'SNOWFLAKE_TIMEOUT', 'SNOWFLAKE_LOGIN'].includes(known.code))
    return known;
  const words = error instanceof Error ? error.message : String(error);
  const said = plainText(words, 400);
  return new ChurnMcpError('SNOWFLAKE_DEPLOY', `Snowflake refused step ${nameOf(step)}: ${said}`, {
    hint: 'The steps before it are done and stay. Mend what it says and deploy again, or choose parts with --only.',
    cause: error,
  });
}

/** A step as a person reads it. */
export function nameOf({ file, about }: Step): string {
  return about === '' ? file : `${file} (${about})`;
}
