import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { plainText } from '../../text/plain-text.ts';
import { SnowflakeSession } from '../session/snowflake-session.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { NEEDS_PARTS, type Part } from './deployment-part.ts';
import type { Step } from './deployment-text.ts';

export interface DeploymentRun {
  readonly signal: AbortSignal;
  /** Called before each step. */
  onStep(step: Step, index: number): void;
}

/**
 * Sends the steps one after the other. A step that Snowflake refuses does not stop those that can do without it. Every step can be
 * repeated, so after a failure all are sent again.
 *
 * @throws SNOWFLAKE_DEPLOY at the end, with the messages of Snowflake, because the person who deploys has to correct it; at once
 *   what a login or a lost connection throws
 */
export async function runDeployment(
  steps: readonly Step[],
  config: SnowflakeConfig,
  { signal, onStep }: DeploymentRun,
): Promise<void> {
  await using session = await SnowflakeSession.open(config, signal);
  const refused: Refusal[] = [];
  for (const [index, step] of steps.entries()) {
    throwIfAborted(signal);
    if (isWithout(step, refused)) continue;
    onStep(step, index);
    const statement = { text: step.text, values: [], tag: `churn-mcp deploy ${step.file}`, signal };
    await session.rows(statement).catch((error: unknown) => {
      refused.push(refusalOf(error, step));
    });
  }
  if (refused.length > 0) throw deployError(steps, refused);
}

interface Refusal {
  readonly step: Step;
  readonly said: string;
  readonly cause: unknown;
}

/** Whether a step belongs to a part that was refused, or to one that needs it. */
function isWithout({ part }: Step, refused: readonly Refusal[]): boolean {
  const isRefused = (one: Part): boolean =>
    refused.some(({ step }) => step.part === one) || NEEDS_PARTS[one].some(isRefused);
  return part !== undefined && isRefused(part);
}

const NOT_THE_STEP = ['CANCELLED', 'SNOWFLAKE_UNREACHABLE', 'SNOWFLAKE_TIMEOUT', 'SNOWFLAKE_LOGIN'];

function refusalOf(error: unknown, step: Step): Refusal {
  if (!(error instanceof ChurnMcpError) || NOT_THE_STEP.includes(error.code)) throw error;
  const cause = error.cause ?? error;
  return { step, said: plainText(cause instanceof Error ? cause.message : String(cause), 400), cause };
}

function deployError(steps: readonly Step[], refused: readonly Refusal[]): ChurnMcpError {
  const said = refused.map(({ step, said }) => `Snowflake refused step ${nameOf(step)}: ${said}`);
  const leftOut = new Set(steps.filter((step) => isWithout(step, refused)).map(({ part }) => part));
  const parts = leftOut.size === 0 ? '' : ` Not made, or not whole: ${[...leftOut].join(', ')}.`;
  return new ChurnMcpError('SNOWFLAKE_DEPLOY', said.join('\n'), {
    hint: `All other steps are done and stay.${parts} Correct what the message says and deploy again, or choose parts with --only.`,
    cause: refused[0]?.cause,
  });
}

/** A step as a person reads it. */
export function nameOf({ file, about }: Step): string {
  return about === '' ? file : `${file} (${about})`;
}
