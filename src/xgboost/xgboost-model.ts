import { z } from 'zod';
import { plainText } from '../text/plain-text.ts';
import { quoted } from '../text/quoted.ts';
import { refusedModel, SAVE_AGAIN } from './model-refusal.ts';

/** XGBoost writes its parameters as text. */
const countText = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

const MOST_TREES = 10_000;

const integers = z.array(z.int());
/** float32, decimals in JSON; a bare NaN of the JSON comes as null. Infinity and numbers that are too large are refused later. */
const floats = z.array(
  z.custom<number | null>((value) => value === null || typeof value === 'number').transform(toFloat32),
);
/** Early versions wrote true and false. */
const flags = z.array(z.union([z.literal([0, 1]), z.boolean().transform(Number)]));

const treeSchema = z.object({
  tree_param: z.object({ size_leaf_vector: countText.default(0) }),
  left_children: integers,
  right_children: integers,
  split_indices: integers,
  /** A leaf has its value here. */
  split_conditions: floats,
  default_left: flags,
  /** 1 at categorical splits. */
  split_type: z.array(z.literal([0, 1])).optional(),
  /** Categories that go right, of all nodes one after the other; the other three say which are whose. */
  categories: integers.default([]),
  categories_nodes: integers.default([]),
  categories_segments: integers.default([]),
  categories_sizes: integers.default([]),
  loss_changes: floats,
  sum_hessian: floats,
});
export type XgboostTree = z.infer<typeof treeSchema>;

const learnerSchema = z.object({
  attributes: z.record(z.string(), z.string()).default({}),
  feature_names: z.array(z.string()).default([]),
  learner_model_param: z.object({
    base_score: z.string(),
    num_class: countText,
    num_feature: countText,
    num_target: countText.default(1),
  }),
  objective: z.object({ name: z.string() }),
  gradient_booster: z.object({ name: z.string(), model: z.unknown().optional() }),
});

const fileSchema = z.object({ version: z.array(z.int()).min(2), learner: learnerSchema });

const treesSchema = z.object({
  gbtree_model_param: z.object({ num_parallel_tree: countText.default(1) }),
  trees: z.array(treeSchema).max(MOST_TREES),
});

/** A booster of boosted trees with one logistic output, as its file holds it. */
export interface XgboostModel {
  /** Such as `3.2.0`. */
  readonly version: string;
  readonly objective: string;
  /** Empty if it was trained on an array. */
  readonly featureNames: readonly string[];
  readonly featureCount: number;
  /** A probability. */
  readonly baseScore: number;
  /** The best iteration that early stopping found, counted from 0. */
  readonly bestIteration: number | undefined;
  readonly treesPerIteration: number;
  readonly trees: readonly XgboostTree[];
}

/** Below this, the odds are no longer a float32. */
const LEAST_BASE_SCORE = 1e-37;

const OBJECTIVES = ['binary:logistic', 'reg:logistic'];

/**
 * Reads the content of a model file as XGBoost 1.7, 2 or 3 writes it.
 *
 * @throws MODEL_REFUSED another version, booster or objective, or a file with something else or less in it
 */
export function parseXgboostModel(content: unknown): XgboostModel {
  const { version, learner } = parse(fileSchema, content, '');
  const written = version.join('.');
  assertVersion(version);
  const { gradient_booster: booster, objective, learner_model_param: param } = learner;
  assertBooster(booster.name);
  assertObjective(objective.name, param.num_class, param.num_target);
  const model = parse(treesSchema, booster.model, 'learner.gradient_booster.model.');
  if (model.trees.some((tree) => tree.tree_param.size_leaf_vector > 1)) throw severalOutputs();
  return {
    version: written,
    objective: objective.name,
    featureNames: learner.feature_names,
    featureCount: param.num_feature,
    baseScore: parseBaseScore(param.base_score),
    bestIteration: parseBestIteration(learner.attributes.best_iteration),
    treesPerIteration: Math.max(1, model.gbtree_model_param.num_parallel_tree),
    trees: model.trees,
  };
}

function toFloat32(value: number | null): number {
  return value === null ? Number.NaN : Math.fround(value);
}

function parse<Schema extends z.ZodType>(schema: Schema, content: unknown, at: string): z.output<Schema> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = `${at}${(issue?.path ?? []).map((key) => plainText(String(key), 40)).join('.')}`;
  throw refusedModel(
    `The file is not a model that XGBoost saved: ${where === '' ? 'its first value' : `"${where}"`} is missing or wrong.`,
    `${SAVE_AGAIN} A pickle, a dump or a config cannot be read.`,
    parsed.error,
  );
}

function assertVersion([major, minor]: readonly number[]): void {
  if ((major === 1 && minor >= 7) || major === 2 || major === 3) return;
  throw refusedModel(
    `XGBoost ${major}.${minor} saved the model. Only models of XGBoost 1.7, 2 and 3 can be read.`,
    'Load the model in one of these versions and save it again.',
  );
}

function assertBooster(name: string): void {
  if (name === 'gbtree') return;
  throw refusedModel(
    `The model's booster is ${quoted(name)}. Only boosted trees can be imported.`,
    'Train it with booster="gbtree".',
  );
}

function assertObjective(name: string, classes: number, targets: number): void {
  if (!OBJECTIVES.includes(name)) {
    throw refusedModel(
      `The model's objective is ${quoted(name)}, which does not give a probability of two outcomes.`,
      'Train it with objective="binary:logistic".',
    );
  }
  if (classes > 1 || targets > 1) throw severalOutputs();
}

function severalOutputs() {
  return refusedModel(
    'The model has several outputs. A churn model has one.',
    'Train one model on one label with objective="binary:logistic".',
  );
}

/** `5E-1`, and from 3.1 on `[5E-1]`. */
function parseBaseScore(text: string): number {
  const found = /^\[?([\d.]+(?:E[+-]?\d+)?)\]?$/i.exec(text);
  const baseScore = Math.fround(Number(found?.[1] ?? Number.NaN));
  if (baseScore > LEAST_BASE_SCORE && baseScore < 1) return baseScore;
  throw refusedModel(
    `The model's base score ${quoted(text)} is not one probability between 0 and 1.`,
    SAVE_AGAIN,
  );
}

function parseBestIteration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refusedModel('The model’s attribute best_iteration is not a whole number.', SAVE_AGAIN);
}
