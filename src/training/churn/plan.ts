import type { z } from 'zod';
import type { DataSource, DataSummary } from '../../data/data-source.ts';
import type { TableSummary } from '../../data/feature-table/feature-table.ts';
import { ChurnMcpError } from '../../errors.ts';
import { addDays, dayNumber, daysBetween } from '../../features/calendar-day.ts';
import { CHURN_FEATURES, FORWARD_FEATURES } from '../../features/churn-features.ts';
import { type BoosterOptions, type BoosterParams, boosterParamsSchema } from '../../gbdt/params.ts';
import type { ForecastRecipe, ModelCard, RegisteredModel } from '../../registry/model-card.ts';
import { quoted } from '../../text/quoted.ts';
import type { TrainChurnRequest, TrainColumnRequest } from '../training-request.ts';
import { chooseHorizon, type Horizon, MIN_HISTORY_DAYS } from './horizon.ts';

export const DEFAULT_CHURN_THRESHOLD_DAYS = 7;

const MONTH_DAYS = 30;
/** To learn from, to be judged on, and to try a calibration on. */
const MOST_CUTOFFS = 18;

/** Shallow, slow trees, and no class weights: they wreck probabilities. */
const FORWARD_PARAMS: BoosterOptions = { max_depth: 3, learning_rate: 0.05 };
/**
 * Trees of a forecast where the orders are too short to find the number on a later slice. Around it the public retail
 * data is flat: 50 to 150 gave nearly the same, 300 less.
 */
export const FORWARD_TREES = 100;
/** Where they are long enough: at most so many, until this many in a row made the later slice no better. */
const FORWARD_STOPPING: BoosterOptions = { n_estimators: 400, early_stopping_rounds: 30 };

/** Days after the cutoff that the label looks at; an inactivity label looks at none. */
export function horizonOf({ label }: ChurnPlan): number {
  return label.kind === 'forward' ? label.horizon_days : 0;
}

/** What a training is going to do, decided before anything is read but the summary. */
export interface ChurnPlan {
  readonly model: Exclude<RegisteredModel, 'product_recommendation'>;
  readonly label: ChurnLabel;
  readonly asOf: string;
  readonly features: readonly string[];
  readonly recipe: ForecastRecipe;
  readonly params: BoosterParams;
  /** The parameters that the caller set; a search leaves them alone. */
  readonly namedParams: ReadonlySet<string>;
  /** True where the caller asked for early stopping by name, so that doing without is no answer. */
  readonly mustStopEarly: boolean;
  /** True where the caller named no class weight: the plan's label decides. */
  readonly balanceClasses: boolean;
  /** Features of the evaluated customers see nothing after this day. */
  readonly evaluationCutoff: string;
  /** Days that slices are taken at, newest first, the evaluation's before all others. */
  readonly cutoffs: readonly string[];
  /** Where the horizon comes from, when nobody named it. */
  readonly orderGaps?: NonNullable<ModelCard['order_gaps']>;
}

export type ChurnLabel = Exclude<ModelCard['label'], { kind: 'purchase' }>;

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
export async function planChurnTraining(
  request: TrainChurnRequest,
  data: DataSource,
  signal?: AbortSignal,
): Promise<ChurnPlan> {
  const summary = await data.summary();
  const asOf = request.asOf ?? summary.lastOrderDate;
  assertAsOf(asOf, summary);
  if (request.label === 'inactivity') return planInactivity(request, asOf);
  assertLabelsClose(asOf, summary);
  const horizon =
    request.horizonDays === undefined
      ? await chooseHorizon(data, { asOf, firstOrderDate: summary.firstOrderDate, signal })
      : { days: request.horizonDays };
  return planForward(request, asOf, summary, horizon);
}

function planInactivity(request: TrainChurnRequest, asOf: string): ChurnPlan {
  const threshold = request.churnThresholdDays ?? DEFAULT_CHURN_THRESHOLD_DAYS;
  assertDays('churn_threshold_days', threshold, 0);
  return {
    model: 'customer_churn_predictor',
    label: { kind: 'inactivity', churn_threshold_days: threshold },
    asOf,
    features: CHURN_FEATURES,
    recipe: 'trees',
    params: withoutStopping(parseParams(request.params ?? {})),
    namedParams: new Set(Object.keys(request.params ?? {})),
    mustStopEarly: false,
    balanceClasses: request.params?.scale_pos_weight === undefined,
    evaluationCutoff: asOf,
    cutoffs: [asOf],
  };
}

function planForward(
  request: TrainChurnRequest,
  asOf: string,
  summary: DataSummary,
  { days: horizonDays, orderGaps }: Horizon,
): ChurnPlan {
  assertDays('horizon_days', horizonDays, 1);
  const historyDays = daysBetween(summary.firstOrderDate, asOf);
  assertHorizonFits(horizonDays, historyDays);
  const evaluationCutoff = addDays(asOf, -horizonDays);
  return {
    model: 'customer_churn_forecast',
    label: { kind: 'forward', horizon_days: horizonDays },
    asOf,
    features: FORWARD_FEATURES,
    recipe: 'trees_and_logistic_regression',
    params: forwardParams(request.params ?? {}),
    namedParams: new Set(Object.keys(request.params ?? {})),
    mustStopEarly: (request.params?.early_stopping_rounds ?? 0) > 0,
    balanceClasses: false,
    evaluationCutoff,
    cutoffs: monthlyCutoffs(evaluationCutoff, horizonDays, summary.firstOrderDate),
    ...(orderGaps && { orderGaps }),
  };
}

/** A table of customers has one day, the one it was trained on, and no label of its own making. */
export function planColumn(
  request: TrainColumnRequest,
  { columns, target, positive }: TableSummary,
  today: string,
): ChurnPlan {
  return {
    model: 'customer_churn_column',
    label: { kind: 'column', target, positive },
    asOf: today,
    features: columns.map(({ name }) => name),
    recipe: 'trees_and_logistic_regression',
    params: forwardParams(request.params ?? {}),
    namedParams: new Set(Object.keys(request.params ?? {})),
    mustStopEarly: false,
    balanceClasses: false,
    evaluationCutoff: today,
    cutoffs: [today],
  };
}

/**
 * From the evaluation's back in steps of about a month, as long as there is history before the cutoff. A whole number of
 * steps makes a horizon, so that the newest labels to learn from close when the evaluation's period begins.
 */
function monthlyCutoffs(evaluationCutoff: string, horizonDays: number, firstOrderDate: string): string[] {
  const stepDays = Math.ceil(horizonDays / Math.max(1, Math.round(horizonDays / MONTH_DAYS)));
  const cutoffs = [evaluationCutoff];
  for (let back = 1; back < MOST_CUTOFFS; back++) {
    const cutoff = addDays(evaluationCutoff, -back * stepDays);
    if (daysBetween(firstOrderDate, cutoff) < MIN_HISTORY_DAYS) break;
    cutoffs.push(cutoff);
  }
  return cutoffs;
}

function parseParams(options: BoosterOptions): BoosterParams {
  const parsed = boosterParamsSchema.safeParse(options);
  if (!parsed.success) throw refusedParams(parsed.error.issues[0]);
  return parsed.data;
}

/** Early stopping by default, but not where the caller names how many trees, or that none shall stop. */
function forwardParams(given: BoosterOptions): BoosterParams {
  const isCountNamed = given.n_estimators !== undefined || given.early_stopping_rounds !== undefined;
  const stopping = isCountNamed ? { n_estimators: FORWARD_TREES } : FORWARD_STOPPING;
  return parseParams({ ...FORWARD_PARAMS, ...stopping, ...given });
}

function withoutStopping(params: BoosterParams): BoosterParams {
  if (params.early_stopping_rounds === 0) return params;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'The inactivity model has no later period to stop early on.', {
    hint: 'Leave early_stopping_rounds out and set n_estimators, or train with label "forward".',
  });
}

function refusedParams(issue: z.core.$ZodIssue | undefined): ChurnMcpError {
  const known = Object.keys(boosterParamsSchema.shape).join(', ');
  const message =
    issue?.code === 'unrecognized_keys'
      ? `There is no training parameter ${quoted(issue.keys[0])}.`
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
