import type { ChurnMcpError } from '../errors.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import type { ModelCard, RegisteredModel } from './model-card.ts';

/** What training hands over; the registry adds version, creation time and checksums. */
export interface ModelDraft {
  readonly card: Omit<ModelCard, 'schema' | 'version' | 'created_at' | 'files'>;
  readonly onnx: Uint8Array;
  readonly ensemble: TreeEnsemble;
}

/** A version whose files were read and whose checksums matched. */
export interface RegisteredVersion {
  readonly card: ModelCard;
  readonly onnx: Uint8Array;
  readonly ensemble: TreeEnsemble;
}

/** The alias that serving uses if no version is named. */
export const CHAMPION = 'champion';

export interface DamagedVersion {
  readonly model: RegisteredModel;
  /** Undefined if the aliases are what cannot be read. */
  readonly version: string | undefined;
  /** `MODEL_CORRUPT`: says what is wrong and what to do. */
  readonly error: ChurnMcpError;
}

export interface VersionSummary {
  readonly card: ModelCard;
  /** Aliases that point at the version, such as `champion`. */
  readonly aliases: readonly string[];
}

export interface RegistrySurvey {
  /** Newest first. */
  readonly sound: readonly VersionSummary[];
  /** Versions whose card cannot be read, and aliases that cannot. */
  readonly damaged: readonly DamagedVersion[];
}

/** The folder of the models in a home folder. */
export const REGISTRY_FOLDER = 'registry';

/**
 * Versions of the registered models, under `registry/<model>/<version>/` of the home folder. Versions are immutable;
 * a registration is visible whole or not at all.
 */
export interface ModelRegistry {
  /** Registers a version and returns its card. Does not move any alias. */
  register(draft: ModelDraft): Promise<ModelCard>;
  /** Points an alias at a version. Throws `UNKNOWN_MODEL`, `UNKNOWN_VERSION`. */
  setAlias(model: RegisteredModel, alias: string, version: string): Promise<void>;
  /** The version an alias points at, or undefined. */
  resolveAlias(model: RegisteredModel, alias: string): Promise<string | undefined>;
  /** Reads every card once. */
  survey(model?: RegisteredModel): Promise<RegistrySurvey>;
  /** The sound versions of a survey. */
  list(model?: RegisteredModel): Promise<readonly VersionSummary[]>;
  /**
   * Reads a version, or the champion if none is named, and checks its checksums.
   * Throws `UNKNOWN_MODEL` if the model has no version, `UNKNOWN_VERSION`, `MODEL_CORRUPT`.
   */
  load(model: RegisteredModel, version?: string): Promise<RegisteredVersion>;
  /** The card alone. Same errors as `load`. */
  card(model: RegisteredModel, version?: string): Promise<ModelCard>;
  /**
   * Removes a version for good. Throws `UNKNOWN_VERSION`, and `MODEL_REFUSED` if an alias such as the champion points at it.
   */
  remove(model: RegisteredModel, version: string): Promise<void>;
  /** The folder of a version whose files were read and matched: for copies elsewhere. Same errors as `load`. */
  folder(model: RegisteredModel, version: string): Promise<string>;
  /**
   * Takes over a version that another registry wrote, under the name it has, from a folder with its four files.
   * `present` if it is here already. Throws `MODEL_CORRUPT` if the files do not match, `MODEL_REFUSED` if
   * another model has that name here.
   */
  adopt(model: RegisteredModel, version: string, folder: string): Promise<'adopted' | 'present'>;
}
