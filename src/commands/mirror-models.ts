import { ChurnMcpError } from '../errors.ts';
import { REGISTERED_MODELS, type RegisteredModel } from '../registry/model-card.ts';
import { CHAMPION } from '../registry/model-registry.ts';
import { createScorer } from '../scoring/onnx-scorer.ts';
import { MirrorSession } from '../snowflake/mirror/mirror-session.ts';
import {
  listMirrored,
  type MirroredVersion,
  pullVersion,
  pushVersion,
} from '../snowflake/mirror/model-mirror.ts';
import { type Registration, registerModel } from '../snowflake/mirror/register-model.ts';
import type { SnowflakeConfig } from '../snowflake/snowflake-config.ts';
import { plainText } from '../text/plain-text.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { parseName } from './flag-values.ts';
import type { ModelsArguments } from './models-arguments.ts';

export const MIRROR_ACTIONS = ['push', 'remote', 'pull'] as const;

export interface MirrorFlags extends CommonFlags {
  readonly promote?: boolean;
  readonly modelRegistry?: boolean;
}

/** Copies versions to Snowflake, lists those there, or takes them over. */
export function runMirror(
  { action, model, version }: ModelsArguments,
  flags: MirrorFlags,
  environment: CommandEnvironment,
): Promise<number> {
  const name = model === undefined ? undefined : parseName('model', model, REGISTERED_MODELS);
  return withServices(environment, flags, async (context) => {
    await using mirror = await MirrorSession.open(mirrorConfig(context), context.signal);
    if (action === 'push')
      return await push({ model: name, version, registers: flags.modelRegistry === true }, mirror, context);
    const there = (await listMirrored(mirror)).filter((entry) => name === undefined || entry.model === name);
    if (action === 'remote') return await list(there, context);
    return await pull(chosen(there, name, version), flags.promote === true, mirror, context);
  });
}

/** @throws USAGE if no account is configured */
export function mirrorConfig({ config }: Pick<CommandContext, 'config'>): SnowflakeConfig {
  if (config.snowflake !== undefined) return config.snowflake;
  throw new ChurnMcpError('USAGE', 'No Snowflake account is configured.', {
    hint: 'Set CHURN_MCP_DATA_SOURCE=snowflake and CHURN_MCP_SNOWFLAKE_CONNECTION: docs/snowflake.md.',
  });
}

interface ToPush {
  readonly model: RegisteredModel | undefined;
  readonly version: string | undefined;
  /** In Snowflake's own Model Registry too. */
  readonly registers: boolean;
}

async function push(
  { model, version, registers }: ToPush,
  mirror: MirrorSession,
  { services, print }: CommandContext,
): Promise<number> {
  const { registry } = services;
  let count = 0;
  let isWhole = true;
  for (const each of model === undefined ? REGISTERED_MODELS : [model]) {
    const wanted = version ?? (await registry.resolveAlias(each, CHAMPION));
    if (wanted === undefined) continue;
    const done = await pushVersion({ model: each, version: wanted }, registry, mirror, new Date());
    print(
      done === 'pushed'
        ? `Copied ${each} ${wanted} to Snowflake.`
        : `${each} ${wanted} is in Snowflake already.`,
    );
    count++;
    if (!registers) continue;
    const registration = await registerModel(
      { model: each, version: wanted },
      registry,
      mirror,
      createScorer,
    );
    print(registrationText(registration, `${each} ${wanted}`));
    isWhole &&= !['refused', 'differs'].includes(registration.outcome);
  }
  if (count === 0) print('There is no champion to copy: train a model first.');
  return isWhole ? 0 : 1;
}

function registrationText(registration: Registration, version: string): string {
  switch (registration.outcome) {
    case 'registered':
      return `Registered it as a version of ${registration.name} in Snowflake's Model Registry.`;
    case 'present':
      return `It is a version of ${registration.name} in Snowflake's Model Registry already.`;
    case 'of a table':
      return `It is not in Snowflake's Model Registry, because it scores the columns of a file.`;
    case 'differs':
      return `Snowflake's Model Registry did not get ${version}: scores there differ by up to ${registration.difference}.`;
    case 'refused':
      return `Snowflake's Model Registry did not take ${version}: ${registration.said}. It needs the packages snowflake-ml-python and onnxruntime, and CREATE MODEL on the schema.`;
  }
}

async function list(there: readonly MirroredVersion[], { services, print }: CommandContext): Promise<number> {
  const here = new Set((await services.registry.list()).map(({ card }) => `${card.model} ${card.version}`));
  for (const { model, version, comment, isChampion } of there) {
    const marks = [
      ...(isChampion ? ['champion'] : []),
      here.has(`${model} ${version}`) ? 'here too' : 'not here',
    ];
    const note = comment === '' ? '' : `: ${plainText(comment, 120)}`;
    print(`${model} ${version} (${marks.join(', ')})${note}`);
  }
  if (there.length === 0) print('No models are in Snowflake yet. Copy yours there: churn-mcp models push');
  return 0;
}

async function pull(
  versions: readonly MirroredVersion[],
  promotes: boolean,
  mirror: MirrorSession,
  { services, print }: CommandContext,
): Promise<number> {
  const { registry } = services;
  for (const each of versions) {
    const { model, version } = each;
    const done = await pullVersion(each, registry, mirror);
    if (promotes) await registry.setAlias(model, CHAMPION, version);
    const what =
      done === 'adopted'
        ? `Copied ${model} ${version} from Snowflake`
        : `${model} ${version} was here already`;
    print(promotes ? `${what}; it is the champion.` : `${what}.`);
  }
  if (!promotes && versions.length > 0) {
    print(`The champions of this folder stay; to change that: churn-mcp models promote MODEL VERSION`);
  }
  return 0;
}

/** The named version, or else the champions. */
function chosen(
  there: readonly MirroredVersion[],
  model: RegisteredModel | undefined,
  version: string | undefined,
): readonly MirroredVersion[] {
  const found = there.filter((entry) =>
    version === undefined ? entry.isChampion : entry.version === version,
  );
  if (found.length > 0) return found;
  throw new ChurnMcpError(
    model === undefined ? 'UNKNOWN_MODEL' : 'UNKNOWN_VERSION',
    `Snowflake has no ${version === undefined ? 'champion' : 'such version'}${model === undefined ? '' : ` of ${model}`}.`,
    { hint: '"churn-mcp models remote" lists what is there; "churn-mcp models push" copies yours.' },
  );
}
