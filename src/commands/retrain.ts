import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { loadChampion } from '../registry/champion.ts';
import type { Services } from '../server/services.ts';
import { callByCommand, printOutcome } from './call-outcome.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseDay, parseName } from './flag-values.ts';

export interface RetrainFlags extends CommonFlags {
  readonly model: string;
  readonly horizonDays?: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

/** Exit code: a new version was trained, and the champion stays. */
export const EXIT_CHAMPION_STAYS = 4;

const TRAINED_BY = {
  customer_churn_forecast: { tool: 'train_churn_model', label: { label: 'forward' } },
  customer_churn_predictor: { tool: 'train_churn_model', label: { label: 'inactivity' } },
  customer_churn_column: { tool: 'train_churn_model', label: { label: 'column' } },
  product_recommendation: { tool: 'train_recommendation_model', label: {} },
} as const;
const MODELS = [
  'customer_churn_forecast',
  'customer_churn_predictor',
  'customer_churn_column',
  'product_recommendation',
] as const satisfies readonly (keyof typeof TRAINED_BY)[];
type Model = (typeof MODELS)[number];

const outcomeSchema = z.looseObject({ promoted: z.boolean() });

/**
 * Trains a new version on the current data, compares it with the champion and promotes it if it is at least as good: for
 * a scheduler. Ends with 0 if it was promoted, with 4 if the champion stays.
 */
export function runRetrain(flags: RetrainFlags, environment: CommandEnvironment): Promise<number> {
  const model = parseName('model', flags.model, MODELS);
  const given = {
    ...(flags.asOf !== undefined && { as_of: parseDay('--as-of', flags.asOf) }),
    ...(flags.horizonDays !== undefined && { horizon_days: parseDays(flags.horizonDays) }),
  };
  return withServices(environment, flags, async (context) => {
    const { tool, label } = TRAINED_BY[model];
    // A scheduled training waits for another one to end, rather than fail.
    const args = {
      wait: true,
      ...label,
      ...(await championHorizon(model, context.services)),
      ...given,
    };
    const outcome = await callByCommand(context, tool, args);
    const exitCode = printOutcome(context, outcome, flags.json);
    if (exitCode !== 0) return exitCode;
    return outcomeSchema.parse(outcome.structuredContent).promoted ? 0 : EXIT_CHAMPION_STAYS;
  });
}

/** The champion's horizon, if it has one: models of different horizons cannot be compared. */
async function championHorizon(model: Model, { registry }: Services): Promise<{ horizon_days?: number }> {
  const state = await loadChampion(registry, model);
  if (state.kind !== 'usable') return {};
  const { details } = state.champion.card;
  return 'horizon_days' in details ? { horizon_days: details.horizon_days } : {};
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new ChurnMcpError('USAGE', '--horizon-days takes a whole number from 1 to 3650.');
}
