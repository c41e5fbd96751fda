import { ChurnMcpError } from '../errors.ts';
import { storageReason } from '../files/system-error.ts';
import { quoted } from '../text/quoted.ts';
import { REGISTERED_MODELS, type RegisteredModel } from './model-card.ts';

/** All error texts of the registry, without paths and with bounded quotations. */

const TRAINING_TOOL = {
  customer_churn_predictor: 'train_churn_model with label "inactivity"',
  customer_churn_forecast: 'train_churn_model',
  customer_churn_column: 'train_churn_model with label "column"',
  product_recommendation: 'train_recommendation_model',
  campaign_uplift: 'train_uplift_model',
} as const satisfies Record<RegisteredModel, string>;

/** How many versions an error lists. */
const LISTED_VERSIONS = 5;

export function unknownModel(model: string): ChurnMcpError {
  return new ChurnMcpError('UNKNOWN_MODEL', `Unknown model ${quoted(model)}.`, {
    hint: `Models: ${REGISTERED_MODELS.join(', ')}.`,
  });
}

export function noVersions(model: RegisteredModel): ChurnMcpError {
  return new ChurnMcpError('UNKNOWN_MODEL', `The model ${model} has not been trained yet.`, {
    hint: `Train it with ${TRAINING_TOOL[model]}.`,
  });
}

export function unknownVersion(
  model: RegisteredModel,
  version: string,
  known: readonly string[],
): ChurnMcpError {
  return new ChurnMcpError('UNKNOWN_VERSION', `${model} has no version ${quoted(version)}.`, {
    hint: `Newest versions: ${newest(known)}. list_models shows all.`,
  });
}

export function noChampion(model: RegisteredModel, known: readonly string[]): ChurnMcpError {
  return new ChurnMcpError('UNKNOWN_VERSION', `${model} has no champion, and no version was named.`, {
    hint: `Name a version, or promote one with promote_model. Newest versions: ${newest(known)}.`,
  });
}

export function invalidAlias(alias: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_ARGUMENT', `${quoted(alias)} cannot be an alias.`, {
    hint: 'An alias is up to 32 lower-case letters, digits, dashes and underscores, and starts with a letter.',
  });
}

/** `what` completes the sentence "version … of … cannot be used: …"; `others` are the model's other versions. */
export function corruptVersion(
  model: RegisteredModel,
  version: string,
  what: string,
  options: { others: readonly string[]; cause?: unknown },
): ChurnMcpError {
  const train = TRAINING_TOOL[model];
  const another =
    options.others.length === 0
      ? `Train a new one with ${train}.`
      : `Promote another version (newest: ${newest(options.others)}) or train a new one with ${train}.`;
  return new ChurnMcpError('MODEL_CORRUPT', `Version ${version} of ${model} cannot be used: ${what}.`, {
    hint: `${another} To remove it from the list, remove the folder ${version} from the registry.`,
    cause: options.cause,
  });
}

export function corruptAliases(
  model: RegisteredModel,
  known: readonly string[],
  cause: unknown,
): ChurnMcpError {
  return new ChurnMcpError('MODEL_CORRUPT', `The aliases of ${model} cannot be read.`, {
    hint: `Name a version, or promote one with promote_model, which writes new aliases. Newest versions: ${newest(known)}.`,
    cause,
  });
}

/** `action` completes the sentence "… could not be …", such as "registered". */
export function storageFailed(model: RegisteredModel, action: string, errno: string, cause: unknown) {
  const reason = storageReason(errno) ?? `the file system answered ${errno}`;
  return new ChurnMcpError('STORAGE', `${model} could not be ${action}: ${reason}. Nothing was changed.`, {
    hint: 'Free space in the home folder or correct its permissions, and try again. churn-mcp doctor checks both.',
    cause,
  });
}

function newest(versions: readonly string[]): string {
  if (versions.length === 0) return 'none';
  const rest = versions.length - LISTED_VERSIONS;
  return versions.slice(0, LISTED_VERSIONS).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
