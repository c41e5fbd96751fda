/** The functions of a model in Snowflake, and how a statement calls them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSql, type SqlFileIn } from '../../data/load-sql.ts';
import { ChurnMcpError } from '../../errors.ts';
import type { Tree } from '../../gbdt/tree.ts';
import { packageRoot } from '../../package-root.ts';
import type { RegisteredVersion } from '../../registry/model-registry.ts';
import type { Blanks } from '../blanks.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { literal, localFile } from '../statement-text.ts';
import { type DeployedSchemas, deployedText, objectName, type Step } from './deployment-text.ts';
import { treeFunctions } from './tree-functions.ts';

export type DeploySql = SqlFileIn<'snowflake/deploy'>;

const COLUMN_NAME = /^[a-z][a-z0-9_]*$/;

/** The settings that the statements of a deployment share. */
export interface DeploymentPlace {
  readonly config: SnowflakeConfig;
  readonly schemas: DeployedSchemas;
}

/**
 * The functions that give a model's probability: one for each group of its trees and one over them. A model that ranks has
 * the same for its ranking trees, and over both a function of the score to rank by.
 */
export function treeFunctionSteps({ card, ensemble }: RegisteredVersion, place: DeploymentPlace): Step[] {
  const { trees, rankingTrees, baseScore, featureNames } = ensemble;
  const score = treeSum(trees, baseScore, { featureNames, name: card.model, place });
  const blanks = { parameters: featureNames.map((_, index) => `f${index} float`).join(', ') };
  const about = `${card.model} ${card.version}`;
  const steps = [
    ...score.steps,
    step('320_score', about, place, {
      ...blanks,
      object: scoreName(card.model, place),
      score: score.expression,
    }),
  ];
  if (rankingTrees === undefined) return steps;
  const ranking = treeSum(rankingTrees, 0, { featureNames, name: `${card.model}_rank`, place });
  return [
    ...steps,
    ...ranking.steps,
    step('325_rank_score', about, place, {
      ...blanks,
      object: rankName(card.model, place),
      score: score.expression,
      ranking: ranking.expression,
    }),
  ];
}

/** The functions over groups of trees, and the expression of the features `f0`, `f1`, … that adds them all to a number. */
function treeSum(
  trees: readonly Tree[],
  addend: number,
  { featureNames, name, place }: { featureNames: readonly string[]; name: string; place: DeploymentPlace },
): { steps: Step[]; expression: string } {
  const { parts, argumentNames } = treeFunctions(trees, featureNames);
  const nameOfPart = (index: number) => objectName(place.schemas.functions, `${name}_part_${index + 1}`);
  const parameters = argumentNames.map((argument) => `${argument} float`);
  const steps = parts.map((body, index) =>
    step('310_score_part', `${name}, part ${index + 1} of ${parts.length}`, place, {
      object: nameOfPart(index),
      parameters: ['addend float', ...parameters].join(', '),
      body,
    }),
  );
  const expression = parts.reduce(
    (sum, _, index) => `${nameOfPart(index)}(${[sum, ...argumentNames].join(', ')})`,
    `cast(${addend} as float)`,
  );
  return { steps, expression };
}

/** The churn probability of all customers as a view. */
export function churnViewStep({ card, ensemble }: RegisteredVersion, place: DeploymentPlace): Step {
  return step('330_churn_probabilities', card.model, place, {
    object: churnViewName(card.model, place),
    version: literal(card.version),
    score: scoreCall(card.model, ensemble.featureNames, place),
  });
}

/** The model's file on the stage, and the function that runs it. */
export function onnxFunctionSteps(
  { card, ensemble }: RegisteredVersion,
  onnxFile: string,
  place: DeploymentPlace,
): Step[] {
  const folder = stageFolder(card, place);
  const parameters = ensemble.featureNames.map((_, index) => `f${index} float`).join(', ');
  return [
    uploadStep(card, onnxFile, place),
    step('360_score_onnx', `${card.model} ${card.version}`, place, {
      object: objectName(place.schemas.functions, `${card.model}_onnx`),
      parameters,
      import: literal(`${folder}/model.onnx`),
      body: readFileSync(join(packageRoot(), 'sql', 'snowflake', 'score_onnx.py'), 'utf8').trim(),
    }),
  ];
}

/** A file of a version onto the stage. */
export function uploadStep(version: VersionName, file: string, place: DeploymentPlace): Step {
  const blanks = { file: localFile(file), folder: stageFolder(version, place) };
  const { text, ...rest } = step('350_model_file', `${version.model} ${version.version}`, place, blanks);
  // The driver recognises a transfer by its first word.
  return { ...rest, text: text.replace(/^(?:--[^\n]*\n)+/, '') };
}

/** Where a version's files are on the stage. */
export function stageFolder({ model, version }: VersionName, { schemas }: DeploymentPlace): string {
  return `@${objectName(schemas.models, 'model_files')}/${model}/${version}`;
}

export type VersionName = Pick<RegisteredVersion['card'], 'model' | 'version'>;

/** A call of the model's function over columns of these names: the probability. */
export function scoreCall(model: string, features: readonly string[], place: DeploymentPlace): string {
  return `${scoreName(model, place)}(${columnNames(model, features)})`;
}

/** The same of the score to rank by. A model without ranking trees ranks by its probability. */
export function rankCall({ card, ensemble }: RegisteredVersion, place: DeploymentPlace): string {
  const { featureNames, rankingTrees } = ensemble;
  if (rankingTrees === undefined) return scoreCall(card.model, featureNames, place);
  return `${rankName(card.model, place)}(${columnNames(card.model, featureNames)})`;
}

function columnNames(model: string, features: readonly string[]): string {
  const wrong = features.find((name) => !COLUMN_NAME.test(name));
  if (wrong !== undefined) {
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      `The champion of ${model} has features that the imported orders do not have.`,
      {
        hint: 'Promote a version that was trained on the shop’s orders.',
      },
    );
  }
  return features.join(', ');
}

export function churnViewName(model: string, { schemas }: DeploymentPlace): string {
  return objectName(schemas.models, `${model}_probabilities`);
}

/** A statement of `sql/snowflake/deploy` with its blanks filled, and what its head says about it. */
export function step(
  file: DeploySql,
  about: string,
  { config, schemas }: DeploymentPlace,
  blanks: Blanks,
): Step {
  const text = deployedText(loadSql(`snowflake/deploy/${file}`), config, schemas, blanks);
  return { file, about, text };
}

function rankName(model: string, { schemas }: DeploymentPlace): string {
  return objectName(schemas.functions, `${model}_rank`);
}

function scoreName(model: string, { schemas }: DeploymentPlace): string {
  return objectName(schemas.functions, model);
}
