/** Versions in Snowflake's own Model Registry, where Snowsight shows them and SQL calls them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { thresholdSample } from '../../gbdt/threshold-sample.ts';
import { packageRoot } from '../../package-root.ts';
import type { ModelCard, RegisteredModel } from '../../registry/model-card.ts';
import { CHAMPION, type ModelRegistry, type RegisteredVersion } from '../../registry/model-registry.ts';
import { type DeploymentPlace, stageFolder } from '../deployment/model-functions.ts';
import { saidBySnowflake } from '../deployment/refusal.ts';
import { modelName } from '../deployment/registered-name.ts';
import { literal, plainName, quoted } from '../statement-text.ts';
import type { MirrorSession } from './mirror-session.ts';

export type Registration =
  | { readonly outcome: 'registered' | 'present'; readonly name: string }
  /** The scores there are not ours: nothing was registered. */
  | { readonly outcome: 'differs'; readonly difference: number }
  | { readonly outcome: 'of a table' }
  | { readonly outcome: 'refused'; readonly said: string };

type Rows = ReturnType<typeof thresholdSample>;

/** Opens an ONNX file for scoring. */
type OpenScorer = (onnx: Uint8Array) => Promise<{ score(rows: Rows): Promise<Float32Array> }>;

const outcomeSchema = z.object({
  outcome: z.enum(['registered', 'present', 'differs']),
  /** The largest, over the sample, between the scores there and here. */
  difference: z.number(),
});

const rowSchema = z.record(z.string(), z.string());

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Registers a version whose files are on the stage. A second time changes nothing.
 *
 * @throws SNOWFLAKE_DEPLOY if churn-mcp did not make the model of that name there
 */
export async function registerModel(
  { model, version }: { readonly model: RegisteredModel; readonly version: string },
  registry: ModelRegistry,
  mirror: MirrorSession,
  openScorer: OpenScorer,
): Promise<Registration> {
  const registered = await registry.load(model, version);
  if (model === 'customer_churn_column') return { outcome: 'of a table' };
  const name = [...mirror.place.schemas.models, modelName(model)];
  await mirror.assertOurs({ verb: 'fill', kind: 'model', name, argumentTypes: undefined, keeps: true });
  const isChampion = (await registry.resolveAlias(model, CHAMPION)) === version;
  const sample = thresholdSample(registered.ensemble);
  const scores = await (await openScorer(registered.onnx)).score(sample);
  const request = registrationRequest(registered, { sample, scores, isChampion }, mirror.place);
  try {
    const blanks = {
      import: literal(`${stageFolder({ model, version }, mirror.place)}/model.onnx`),
      body: readFileSync(join(packageRoot(), 'sql', 'snowflake', 'register_model.py'), 'utf8').trim(),
    };
    const [row] = await mirror.rows('register_model', [request], rowSchema, blanks);
    const { outcome, difference } = outcomeSchema.parse(JSON.parse(Object.values(row ?? {})[0] ?? ''));
    return outcome === 'differs' ? { outcome, difference } : { outcome, name: plainName(...name) };
  } catch (error) {
    return { outcome: 'refused', said: saidBySnowflake(error) };
  }
}

interface Registering {
  readonly sample: Rows;
  /** Ours of the sample. */
  readonly scores: Float32Array;
  readonly isChampion: boolean;
}

/** What `sql/snowflake/register_model.py` is asked, as JSON. */
export function registrationRequest(
  { card }: Pick<RegisteredVersion, 'card'>,
  { sample, scores, isChampion }: Registering,
  { schemas }: Pick<DeploymentPlace, 'schemas'>,
): string {
  const [database, schema] = schemas.models;
  return JSON.stringify({
    database: quoted(database),
    schema: quoted(schema),
    name: modelName(card.model),
    version: card.version.toUpperCase(),
    features: sample.featureNames,
    has_plain_names: sample.featureNames.every((feature) => PLAIN_NAME.test(feature)),
    sample: Array.from(scores, (_, row) => sample.columns.map((column) => column[row])),
    scores: [...scores],
    comment: commentOf(card),
    model_comment: `churn-mcp: versions of ${card.model}`,
    metrics: Object.fromEntries(
      Object.entries(card.metrics).filter(([, value]) => typeof value === 'number'),
    ),
    is_champion: isChampion,
  });
}

/**
 * The figures first, each followed by a space: the pages of the reference system read `ROC-AUC:` and `F1:` in the comment of a
 * version.
 */
function commentOf({ metrics: { roc_auc, f1, accuracy }, as_of, comment }: ModelCard): string {
  const figures = [
    `ROC-AUC: ${roc_auc.toFixed(4)}`,
    `F1: ${f1.toFixed(4)}`,
    `Accuracy: ${accuracy.toFixed(4)}`,
    `as of ${as_of}`,
  ];
  return `churn-mcp: ${figures.join(' ')}${comment === '' ? '' : ` | ${comment}`}`;
}
