/** Versions in Snowflake: their files on the stage, one row per version; and the copy back to another machine. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import { sha256Of } from '../../files/checksum.ts';
import { withTemporaryFolder } from '../../files/temporary-folder.ts';
import { type RegisteredModel, registeredModelSchema } from '../../registry/model-card.ts';
import { CHAMPION, type ModelRegistry } from '../../registry/model-registry.ts';
import { VERSION_FILES } from '../../registry/version-folder.ts';
import { isVersionName } from '../../registry/version-name.ts';
import { stageFolder, uploadStep } from '../deployment/model-functions.ts';
import { localFile } from '../statement-text.ts';
import type { MirrorSession } from './mirror-session.ts';

export interface MirroredVersion {
  readonly model: RegisteredModel;
  readonly version: string;
  readonly comment: string;
  readonly isChampion: boolean;
}

const flagSchema = z.union([z.boolean(), z.stringbool()]);

const knownSchema = z.object({ files: z.string(), is_champion: flagSchema });

/** The statements that write a version. */
const WRITES = ['merge_model_version', 'merge_model_metric', 'set_champion'] as const;

/**
 * Copies a version to Snowflake: its files first, then its row, so that a row never exists without its files.
 *
 * @throws MODEL_REFUSED if another model has that name there; SNOWFLAKE_DEPLOY if churn-mcp did not make the tables or the stage
 */
export async function pushVersion(
  { model, version }: { readonly model: RegisteredModel; readonly version: string },
  registry: ModelRegistry,
  mirror: MirrorSession,
  now: Date,
): Promise<'pushed' | 'present'> {
  await mirror.assertMayWrite(WRITES);
  const folder = await registry.folder(model, version);
  const card = await registry.card(model, version);
  const files = await checksums(folder);
  const [known] = await mirror.rows('read_model_version', [model, version], knownSchema);
  if (known !== undefined && known.files !== files) throw taken(model, version);
  if (known === undefined) {
    for (const file of VERSION_FILES) {
      await mirror.transfer(uploadStep({ model, version }, join(folder, file), mirror.place).text);
    }
    const at = [timestamp(new Date(card.created_at)), timestamp(now)];
    const text = await readFile(join(folder, 'card.json'), 'utf8');
    await mirror.run('merge_model_version', [model, version, ...at, card.comment, text, files]);
    for (const [name, value] of Object.entries(card.metrics)) {
      if (typeof value === 'number') await mirror.run('merge_model_metric', [model, version, name, value]);
    }
  }
  if ((await registry.resolveAlias(model, CHAMPION)) === version) {
    await mirror.run('set_champion', [version, model]);
  }
  return known === undefined ? 'pushed' : 'present';
}

const listedSchema = z.object({
  model: z.string(),
  version: z.string(),
  note: z.string().nullable(),
  is_champion: flagSchema,
});

/** The versions in Snowflake. Rows with unknown names are left out, because names become paths. */
export async function listMirrored(mirror: MirrorSession): Promise<MirroredVersion[]> {
  const rows = await mirror.rows('list_model_versions', [], listedSchema);
  return rows.flatMap(({ model, version, note, is_champion }) => {
    const name = registeredModelSchema.safeParse(model);
    if (!name.success || !isVersionName(version)) return [];
    return [{ model: name.data, version, comment: note ?? '', isChampion: is_champion }];
  });
}

/**
 * Copies a version from Snowflake under its own name, once all its files are checked.
 *
 * @throws MODEL_CORRUPT, MODEL_REFUSED; nothing is registered then
 */
export async function pullVersion(
  { model, version }: MirroredVersion,
  registry: ModelRegistry,
  mirror: MirrorSession,
): Promise<'adopted' | 'present'> {
  return withTemporaryFolder(async (folder) => {
    const from = stageFolder({ model, version }, mirror.place);
    await mirror.transfer(`get ${from}/ ${localFile(`${folder}/`)}`);
    return registry.adopt(model, version, folder);
  });
}

/** The checksum of each file as JSON, in a fixed order: equal texts are equal versions. */
async function checksums(folder: string): Promise<string> {
  const entries = await Promise.all(
    VERSION_FILES.map(async (file) => {
      const bytes = await readFile(join(folder, file));
      return [file, { sha256: sha256Of(bytes), bytes: bytes.length }] as const;
    }),
  );
  return JSON.stringify(Object.fromEntries(entries));
}

/** In UTC, without a zone: the columns have none. */
export function timestamp(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}

function taken(model: string, version: string): ChurnMcpError {
  return new ChurnMcpError('MODEL_REFUSED', `Snowflake has another model as ${model} ${version}.`, {
    hint: 'Nothing was changed. Train again: the new version gets another name.',
  });
}
