import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { type ModelCard, REGISTERED_MODELS } from '../registry/model-card.ts';
import { CHAMPION } from '../registry/model-registry.ts';
import { championHorizon, trainingCallOf } from '../server/retraining/retrain-model.ts';
import { sameTraining } from '../server/retraining/unchanged-training.ts';
import { watchAlertsIfAny } from './alert-checks.ts';
import { callByCommand, printOutcome } from './call-outcome.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { parseDay, parseName } from './flag-values.ts';

export interface RetrainFlags extends CommonFlags {
  readonly model: string;
  readonly horizonDays?: string;
  readonly asOf?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Exit code: a new version was trained, and the champion stays. */
export const EXIT_CHAMPION_STAYS = 4;

const outcomeSchema = z.looseObject({ promoted: z.boolean() });

/**
 * Trains a new version on the current data, compares it with the champion and promotes it if it is at least as good: for
 * a scheduler. Ends with 0 if it was promoted, with 4 if the champion stays. Where neither the data nor the recipe has
 * changed, it trains nothing: the model would be the same to the byte.
 */
export function runRetrain(flags: RetrainFlags, environment: CommandEnvironment): Promise<number> {
  const model = parseName('model', flags.model, REGISTERED_MODELS);
  const given = {
    ...(flags.asOf !== undefined && { as_of: parseDay('--as-of', flags.asOf) }),
    ...(flags.horizonDays !== undefined && { horizon_days: parseDays(flags.horizonDays) }),
  };
  return withServices(environment, flags, async (context) => {
    const horizon = { ...(await championHorizon(model, context.services)), ...given };
    const wanted = { model, horizonDays: horizon.horizon_days, asOf: given.as_of };
    const same = flags.force ? undefined : await sameTraining(wanted, context.services);
    if (same !== undefined) return await sayUnchanged(same, context, flags.json);
    await using alerts = await watchAlertsIfAny(context.config, context.services, context.log);
    // A scheduled training waits for another one to end, rather than fail.
    const { tool, args } = trainingCallOf(model);
    const outcome = await callByCommand(context, tool, { wait: true, ...horizon, ...args });
    const exitCode = printOutcome(context, outcome, flags.json);
    if (exitCode !== 0) return exitCode;
    await alerts?.check();
    return outcomeSchema.parse(outcome.structuredContent).promoted ? 0 : EXIT_CHAMPION_STAYS;
  });
}

/** The same exit code as when the version was trained. */
async function sayUnchanged(
  { model, version }: ModelCard,
  { services: { registry }, print, display }: CommandContext,
  asJson = false,
): Promise<number> {
  const champion = await registry.resolveAlias(model, CHAMPION);
  const isChampion = champion === version;
  const role = isChampion ? 'the champion' : `and the champion ${champion ?? ''} did better`;
  const text = `Nothing was trained: neither the data nor the recipe has changed since ${version}, ${role}. --force trains anyway.`;
  display.stop();
  print(asJson ? JSON.stringify({ model, version, trained: false, champion, text }, null, 2) : text);
  return isChampion ? 0 : EXIT_CHAMPION_STAYS;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new ChurnMcpError('USAGE', '--horizon-days takes a whole number from 1 to 3650.');
}
