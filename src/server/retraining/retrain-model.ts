/** Trains a model again as a caller would, and says how it went. */
import { z } from 'zod';
import { TOOLS } from '../../../tools/index.ts';
import { loadChampion } from '../../registry/champion.ts';
import { labelOfModel } from '../../registry/churn-labels.ts';
import type { ModelCard, RegisteredModel } from '../../registry/model-card.ts';
import { plainText } from '../../text/plain-text.ts';
import type { CallRunner } from '../call-runner.ts';
import { NO_JOBS } from '../no-jobs.ts';
import type { Services } from '../services.ts';
import type { ToolResult } from '../tool-result.ts';
import type { Retrained } from './retraining-state.ts';
import { sameTraining } from './unchanged-training.ts';

/** The tool that trains a model, and its arguments besides those of the recipe. */
export function trainingCallOf(model: RegisteredModel): { tool: string; args: Record<string, unknown> } {
  if (model === 'campaign_uplift') return { tool: 'train_uplift_model', args: {} };
  const label = labelOfModel(model);
  return label === undefined
    ? { tool: 'train_recommendation_model', args: {} }
    : { tool: 'train_churn_model', args: { label } };
}

/** The champion's horizon, if it has one: models of different horizons cannot be compared. */
export async function championHorizon(
  model: RegisteredModel,
  { registry }: Pick<Services, 'registry'>,
): Promise<{ horizon_days?: number }> {
  const state = await loadChampion(registry, model);
  if (state.kind !== 'usable') return {};
  const { details } = state.champion.card;
  return 'horizon_days' in details ? { horizon_days: details.horizon_days } : {};
}

interface Running {
  readonly services: Pick<Services, 'registry' | 'shop'>;
  readonly calls: CallRunner;
  readonly signal: AbortSignal;
}

const trainedSchema = z.looseObject({ promoted: z.boolean(), version: z.string() });

/** Trains nothing if neither the data nor the recipe has changed. Never throws: a failure is an outcome. */
export async function retrainModel(
  model: RegisteredModel,
  { services, calls, signal }: Running,
): Promise<Retrained> {
  const horizon = await championHorizon(model, services);
  const wanted = { model, horizonDays: horizon.horizon_days, asOf: undefined };
  const same = await sameTraining(wanted, services);
  if (same !== undefined) return { model, outcome: 'unchanged', version: same.version };
  const { tool, args } = trainingCallOf(model);
  const result = await call(tool, { wait: true, ...horizon, ...args }, { calls, signal });
  if (result.isError === true) return { model, outcome: 'failed', ...failureOf(result) };
  const { promoted, version } = trainedSchema.parse(result.structuredContent);
  return { model, outcome: promoted ? 'promoted' : 'champion stays', version };
}

const metricsSchema = z.looseObject({ drift: z.looseObject({ score_psi: z.number() }).optional() });

/** How far today's scores have moved since the champion was trained; undefined if nobody can say. */
export async function driftOf(
  { model, version }: ModelCard,
  calls: CallRunner,
  signal: AbortSignal,
): Promise<number | undefined> {
  const args = { model, version };
  const result = await call('get_churn_metrics', args, { calls, signal });
  return metricsSchema.safeParse(result.structuredContent).data?.drift?.score_psi;
}

async function call(
  name: string,
  args: Record<string, unknown>,
  { calls, signal }: Pick<Running, 'calls' | 'signal'>,
): Promise<ToolResult> {
  const tool = TOOLS.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  const nobody = { mayTrain: true, jobs: NO_JOBS, ask: async () => 'not asked' as const };
  return await calls.run({ tool, args }, { ...nobody, signal, progress: () => undefined });
}

const MOST_REASON = 500;

function failureOf({ content, _meta }: ToolResult): Pick<Retrained, 'code' | 'reason'> {
  const [first] = content;
  const reason = first?.type === 'text' ? plainText(first.text, MOST_REASON) : undefined;
  return { code: String(_meta?.['churn-mcp/code'] ?? 'INTERNAL'), ...(reason !== undefined && { reason }) };
}
