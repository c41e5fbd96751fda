import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { plainText } from '../../text/plain-text.ts';
import { SnowflakeSession } from '../session/snowflake-session.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import type { Step } from './deployment-text.ts';

export interface DeploymentRun {
  readonly signal: AbortSignal;
  /** Called before each step. */
  onStep(step: Step, index: number): void;
}

/**
 * Sends the steps one after the other. Every step can be repeated, so after a failure all are sent again.
 *
 * @throws SNOWFLAKE_DEPLOY with the message of Snowflake, because the person who deploys has to correct it; and login errors
 */
export async function runDeployment(
  steps: readonly Step[],
  config: SnowflakeConfig,
  { signal, onStep }: DeploymentRun,
): Promise<void> {
  await using session = await SnowflakeSession.open(config, signal);
  for (const [index, step] of steps.entries()) {
    throwIfAborted(signal);
    onStep(step, index);
    const statement = { text: step.text, values: [], tag: `churn-mcp deploy ${step.file}`, signal };
    await session.rows(statement).catch((error: unknown) => {
      throw deployError(error, step);
    });
  }
}

const NOT_THE_STEP = ['CANCELLED', 'SNOWFLAKE_UNREACHABLE', 'SNOWFLAKE_TIMEOUT', 'SNOWFLAKE_LOGIN'];

function deployError(error: unknown, step: Step): unknown {
  if (!(error instanceof ChurnMcpError) || NOT_THE_STEP.includes(error.code)) return error;
  const refused = error.cause ?? error;
  const said = plainText(refused instanceof Error ? refused.message : String(refused), 400);
  return new ChurnMcpError('SNOWFLAKE_DEPLOY', `Snowflake refused step ${nameOf(step)}: ${said}`, {
    hint: 'The steps before it are done and stay. Correct what the message says and deploy again, or choose parts with --only.',
    cause: refused,
  });
}

/** A step as a person reads it. */
export function nameOf({ file, about }: Step): string {
  return about === '' ? file : `${file} (${about})`;
}
