import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ChurnMcpError } from '../errors.ts';
import { asidePath, withFolderAside } from '../files/aside.ts';
import { exists, renameDurably, renameUnlessTaken } from '../files/durable-files.ts';
import { errnoOf, isMissing } from '../files/system-error.ts';
import { type Aliases, isAliasName, readAliases, writeAliases } from './aliases-file.ts';
import {
  type ModelCard,
  REGISTERED_MODELS,
  type RegisteredModel,
  registeredModelSchema,
} from './model-card.ts';
import {
  CHAMPION,
  type DamagedVersion,
  type ModelDraft,
  type ModelRegistry,
  REGISTRY_FOLDER,
  type RegisteredVersion,
  type RegistrySurvey,
  type VersionSummary,
} from './model-registry.ts';
import {
  corruptAliases,
  invalidAlias,
  noChampion,
  noVersions,
  storageFailed,
  unknownModel,
  unknownVersion,
} from './registry-errors.ts';
import {
  copyVersion,
  readCard,
  readModelFiles,
  type VersionPlace,
  writeCardFiles,
  writeModelFiles,
} from './version-folder.ts';
import { isVersionName, newestFirst, versionNamesFrom } from './version-name.ts';

export interface RegistryOptions {
  /** The clock that names versions. */
  readonly now: () => Date;
}

/**
 * The registry in a home folder, `registry/<model>/<version>/`. Any number of processes may read and register at once,
 * none waits for another: a version is written aside and renamed, and a rename onto a taken name fails.
 */
export function openRegistry(home: string, options: RegistryOptions): ModelRegistry {
  return new FileRegistry(join(home, REGISTRY_FOLDER), options.now);
}

class FileRegistry implements ModelRegistry {
  constructor(
    private readonly root: string,
    private readonly now: () => Date,
  ) {}

  async register(draft: ModelDraft): Promise<ModelCard> {
    const { model } = draft.card;
    const modelFolder = this.modelFolder(model);
    return withStorageErrors(model, 'registered', async () => {
      return withFolderAside(modelFolder, async (aside) => {
        const files = await writeModelFiles(aside, draft.onnx, draft.ensemble);
        return this.publish(modelFolder, aside, draft, files);
      });
    });
  }

  async setAlias(model: RegisteredModel, alias: string, version: string): Promise<void> {
    if (!isAliasName(alias)) throw invalidAlias(alias);
    await this.find(model, version);
    const modelFolder = this.modelFolder(model);
    await withStorageErrors(model, 'promoted', async () => {
      const aliases = await readAliases(modelFolder).catch((error: unknown) => {
        if (errnoOf(error) !== undefined) throw error;
        // Aliases that cannot be parsed are lost already; writing them anew mends the file.
        return {};
      });
      await writeAliases(modelFolder, { ...aliases, [alias]: version });
    });
  }

  async resolveAlias(model: RegisteredModel, alias: string): Promise<string | undefined> {
    const aliases = await this.aliases(model);
    return Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
  }

  async survey(model?: RegisteredModel): Promise<RegistrySurvey> {
    const models = model === undefined ? REGISTERED_MODELS : [model];
    const surveys: RegistrySurvey[] = [];
    for (const each of models) surveys.push(await this.surveyOf(each));
    // Stable: versions of the same second stay in the order of the models.
    const sound = surveys
      .flatMap((survey) => survey.sound)
      .sort((a, b) => compareText(b.card.version, a.card.version));
    return { sound, damaged: surveys.flatMap(({ damaged }) => damaged) };
  }

  async list(model?: RegisteredModel): Promise<readonly VersionSummary[]> {
    return (await this.survey(model)).sound;
  }

  async load(model: RegisteredModel, version?: string): Promise<RegisteredVersion> {
    const place = await this.find(model, version);
    const card = await readCard(place);
    const files = await readModelFiles(place, card);
    return { card, ...files };
  }

  async card(model: RegisteredModel, version?: string): Promise<ModelCard> {
    return readCard(await this.find(model, version));
  }

  async folder(model: RegisteredModel, version: string): Promise<string> {
    const place = await this.find(model, version);
    await readModelFiles(place, await readCard(place));
    return place.folder;
  }

  async remove(model: RegisteredModel, version: string): Promise<void> {
    const { folder } = await this.find(model, version);
    const aliases = Object.entries(await this.aliases(model)).filter(([, named]) => named === version);
    if (aliases.length > 0) {
      throw new ChurnMcpError('MODEL_REFUSED', `${version} is the ${aliases[0][0]} of ${model}.`, {
        hint: 'Promote another version first: churn-mcp models promote MODEL VERSION',
      });
    }
    await withStorageErrors(model, 'removed', async () => {
      // Renamed first, so that no reader finds half of a version.
      const aside = asidePath(this.modelFolder(model));
      await renameDurably(folder, aside);
      await rm(aside, { recursive: true, force: true });
    });
  }

  async adopt(model: RegisteredModel, version: string, folder: string): Promise<'adopted' | 'present'> {
    const modelFolder = this.modelFolder(model);
    if (!isVersionName(version)) throw unknownVersion(model, version, await this.versions(model));
    const theirs: VersionPlace = { folder, model, version, others: [] };
    const card = await readCard(theirs);
    await readModelFiles(theirs, card);
    const known = await this.versions(model);
    if (known.includes(version)) return this.presentAs(card, known);
    return withStorageErrors(model, 'registered', async () => {
      return withFolderAside(modelFolder, async (aside) => {
        await copyVersion(folder, aside);
        const renamed = await renameUnlessTaken(aside, join(modelFolder, version));
        return renamed === 'taken' ? this.presentAs(card, [version]) : 'adopted';
      });
    });
  }

  private async presentAs(card: ModelCard, versions: readonly string[]): Promise<'present'> {
    const { model, version } = card;
    const ours = await readCard(this.place(model, version, versions));
    if (JSON.stringify(ours) === JSON.stringify(card)) return 'present';
    throw new ChurnMcpError('MODEL_REFUSED', `Another model is registered here as ${model} ${version}.`, {
      hint: 'Nothing was changed. Pull into another home folder.',
    });
  }

  /** Gives the folder the first free name from the clock's second on. */
  private async publish(
    modelFolder: string,
    aside: string,
    draft: ModelDraft,
    files: Record<string, string>,
  ): Promise<ModelCard> {
    const createdAt = this.now();
    // A lost version that an alias still names is missing. One made in the same second must not take its place unasked.
    const named = new Set(Object.values(await readAliases(modelFolder).catch(() => ({}))));
    const [newest] = await this.versions(draft.card.model);
    for (const version of versionNamesFrom(createdAt, newest)) {
      const target = join(modelFolder, version);
      if (named.has(version) || (await exists(target))) continue;
      const card: ModelCard = {
        schema: 2,
        version,
        created_at: createdAt.toISOString(),
        ...draft.card,
        files,
      };
      await writeCardFiles(aside, card);
      if ((await renameUnlessTaken(aside, target)) === 'taken') continue;
      return card;
    }
    throw new ChurnMcpError('INTERNAL', 'No version name is free.');
  }

  /** A damaged version, or damaged aliases, hide no other version. */
  private async surveyOf(model: RegisteredModel): Promise<RegistrySurvey> {
    const damaged: DamagedVersion[] = [];
    const unlessDamaged = async <Part>(version: string | undefined, read: () => Promise<Part>) => {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof ChurnMcpError) || error.code !== 'MODEL_CORRUPT') throw error;
        damaged.push({ model, version, error });
        return undefined;
      }
    };
    const aliases = (await unlessDamaged(undefined, () => this.aliases(model))) ?? {};
    const versions = await this.versions(model);
    const sound: VersionSummary[] = [];
    // One after the other: a long history must not run out of file handles.
    for (const version of versions) {
      const card = await unlessDamaged(version, () => readCard(this.place(model, version, versions)));
      if (card === undefined) continue;
      sound.push({ card, aliases: Object.keys(aliases).filter((alias) => aliases[alias] === version) });
    }
    return { sound, damaged };
  }

  /** The named version, or the champion if none is named. */
  private async find(model: RegisteredModel, version?: string): Promise<VersionPlace> {
    // The alias first: a version that another process registers and promotes meanwhile is then among those listed.
    const wanted = version ?? (await this.resolveAlias(model, CHAMPION));
    const versions = await this.versions(model);
    if (versions.length === 0) throw noVersions(model);
    if (wanted === undefined) throw noChampion(model, versions);
    if (!versions.includes(wanted)) throw unknownVersion(model, wanted, versions);
    return this.place(model, wanted, versions);
  }

  private place(model: RegisteredModel, version: string, versions: readonly string[]): VersionPlace {
    const folder = join(this.modelFolder(model), version);
    return { folder, model, version, others: versions.filter((other) => other !== version) };
  }

  /** Newest first. Only whole versions have a version's name. */
  private async versions(model: RegisteredModel): Promise<string[]> {
    const modelFolder = this.modelFolder(model);
    return withStorageErrors(model, 'read', async () => {
      try {
        return newestFirst((await readdir(modelFolder)).filter(isVersionName));
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    });
  }

  private async aliases(model: RegisteredModel): Promise<Aliases> {
    try {
      return await readAliases(this.modelFolder(model));
    } catch (cause) {
      throw corruptAliases(model, await this.versions(model), cause);
    }
  }

  /** Callers may be JavaScript or hold a name from outside: the check keeps every path below the root. */
  private modelFolder(model: RegisteredModel): string {
    if (!registeredModelSchema.safeParse(model).success) throw unknownModel(String(model));
    return join(this.root, model);
  }
}

/** Turns errors of the file system into `STORAGE`; errors that already have a code pass. */
async function withStorageErrors<Result>(
  model: RegisteredModel,
  action: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const errno = errnoOf(error);
    throw errno === undefined ? error : storageFailed(model, action, errno, error);
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
