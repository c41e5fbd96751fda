import { loadSql } from '../../data/load-sql.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { fillBlanks } from '../blanks.ts';
import { haveZones } from '../counted-rows.ts';
import { SnowflakeSession } from '../session/snowflake-session.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { inSnowflake, plainName, quoted } from '../statement-text.ts';
import { externalServerName } from './answer-procedures.ts';
import { NEEDS_PARTS, type Part } from './deployment-part.ts';
import { deployedSchemas, type Step } from './deployment-text.ts';
import { MadeObjects } from './made-objects.ts';
import { described, type NamedObject, namedObject } from './named-object.ts';
import { saidBySnowflake } from './refusal.ts';

export interface DeploymentRun {
  readonly signal: AbortSignal;
  /** Whether what churn-mcp did not make is replaced, or taken over with what it holds. */
  readonly replace?: boolean;
  /** Called before each step. */
  onStep(step: Step, index: number): void;
}

/**
 * Sends the steps one after the other. A step that Snowflake refuses, or that would replace what churn-mcp did not make, does not
 * stop those that can do without it. Every step can be repeated, so after a failure all are sent again.
 *
 * @throws SNOWFLAKE_DEPLOY at the end, with the messages of Snowflake, because the person who deploys has to correct it; at once
 *   what a login or a lost connection throws
 */
export async function runDeployment(
  steps: readonly Step[],
  config: SnowflakeConfig,
  { signal, replace = false, onStep }: DeploymentRun,
): Promise<void> {
  await using session = await SnowflakeSession.open(config, signal);
  const made = new MadeObjects(session, signal);
  const refused: Refusal[] = [];
  for (const [index, step] of steps.entries()) {
    throwIfAborted(signal);
    if (isWithout(step, refused)) continue;
    onStep(step, index);
    const send = (text: string) => sendText(text, step, session, signal);
    try {
      const object = namedObject(step.text);
      const isOthers = object !== undefined && (await made.makerOf(object)) === 'others';
      if (isOthers && !replace) refused.push(collision(step, object));
      else {
        if (isOthers && object.keeps) await send(takeOver(object));
        await send(step.text);
      }
    } catch (error) {
      refused.push(refusalOf(error, step));
    }
  }
  if (refused.length > 0) throw deployError(steps, refused);
}

/** Whether the times of orders have zones, which the statements of a deployment then bring to UTC. */
export async function ordersHaveZones(config: SnowflakeConfig, signal: AbortSignal): Promise<boolean> {
  await using session = await SnowflakeSession.open(config, signal);
  const all = { tables: config.tables, asSeenBy: undefined, counted: undefined };
  const { text } = inSnowflake(loadSql('snowflake/order_times'), all);
  return haveZones(
    (await session.rows({ text, values: [], tag: 'churn-mcp deploy order_times', signal })).columns,
  );
}

/** Whether the external MCP server of an earlier deployment is there. */
export async function hasExternalServer(config: SnowflakeConfig, signal: AbortSignal): Promise<boolean> {
  await using session = await SnowflakeSession.open(config, signal);
  const object: NamedObject = {
    verb: 'create',
    kind: 'external mcp server',
    name: externalServerName(deployedSchemas(config)),
    argumentTypes: undefined,
    keeps: false,
  };
  return (await new MadeObjects(session, signal).makerOf(object)) === 'churn-mcp';
}

/**
 * Sends the statements of a removal. What churn-mcp did not make stays.
 *
 * @returns the names of that
 * @throws as `runDeployment` does
 */
export async function runRemoval(
  steps: readonly Step[],
  config: SnowflakeConfig,
  { signal, onStep }: DeploymentRun,
): Promise<string[]> {
  await using session = await SnowflakeSession.open(config, signal);
  const made = new MadeObjects(session, signal);
  const refused: Refusal[] = [];
  const left: string[] = [];
  for (const [index, step] of steps.entries()) {
    throwIfAborted(signal);
    onStep(step, index);
    try {
      const object = namedObject(step.text);
      if (object !== undefined && (await made.makerOf(object)) === 'others') left.push(described(object));
      else if (step.ofEachFunctionIn === undefined) await sendText(step.text, step, session, signal);
      else {
        for (const name of await made.functionsOf(step.ofEachFunctionIn)) {
          await sendText(dropFunction(name), step, session, signal);
        }
      }
    } catch (error) {
      refused.push(refusalOf(error, step));
    }
  }
  if (refused.length > 0) throw deployError(steps, refused);
  return left;
}

async function sendText(text: string, step: Step, session: SnowflakeSession, signal: AbortSignal) {
  await session.rows({ text, values: [], tag: `churn-mcp deploy ${step.file}`, signal });
}

function takeOver(object: NamedObject): string {
  const { kind, name } = object;
  const isPlain = kind === 'service' || kind === 'image repository';
  return fillBlanks(loadSql('snowflake/made/take_over'), {
    kind,
    object: isPlain ? plainName(...name) : quoted(...name),
  });
}

function dropFunction(name: string): string {
  return fillBlanks(loadSql('snowflake/undeploy/080_function'), { function: name });
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

function refusalOf(error: unknown, step: Step): Refusal {
  const said = `Snowflake refused step ${nameOf(step)}: ${saidBySnowflake(error)}`;
  return { step, said, cause: error instanceof ChurnMcpError ? (error.cause ?? error) : error };
}

function collision(step: Step, object: NamedObject): Refusal {
  const said = `Step ${nameOf(step)} was left out: ${described(object)} is there already, and churn-mcp did not make it. Rename it, or replace it with --replace.`;
  return { step, said, cause: undefined };
}

function deployError(steps: readonly Step[], refused: readonly Refusal[]): ChurnMcpError {
  const leftOut = new Set(steps.filter((step) => isWithout(step, refused)).map(({ part }) => part));
  const parts = leftOut.size === 0 ? '' : ` Not made, or not whole: ${[...leftOut].join(', ')}.`;
  return new ChurnMcpError('SNOWFLAKE_DEPLOY', refused.map(({ said }) => said).join('\n'), {
    hint: `All other steps are done and stay.${parts} Correct what the message says and deploy again, or choose parts with --only.`,
    cause: refused[0]?.cause,
  });
}

/** A step as a person reads it. */
export function nameOf({ file, about }: Step): string {
  return about === '' ? file : `${file} (${about})`;
}
