import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../files/durable-files.ts';
import { openSealedJson, sealedJson } from '../files/sealed-json.ts';
import { isMissing } from '../files/system-error.ts';
import { VERSION_PATTERN } from './model-card.ts';

/** The file `aliases.json` of a model, replaced as a whole: if two processes write at once, the last one wins. */
export const ALIASES_FILE = 'aliases.json';
const ALIAS_PATTERN = /^[a-z][a-z0-9_-]{0,31}$/;

const aliasesFileSchema = z.object({
  schema: z.literal(1),
  aliases: z.record(z.string().regex(ALIAS_PATTERN), z.string().regex(VERSION_PATTERN)),
});

/** Version by alias. */
export type Aliases = Readonly<Record<string, string>>;

export function isAliasName(alias: string): boolean {
  return ALIAS_PATTERN.test(alias);
}

/** No aliases if there is no file. Throws if the file cannot be read, or is not what was written. */
export async function readAliases(modelFolder: string): Promise<Aliases> {
  try {
    const text = await readFile(join(modelFolder, ALIASES_FILE), 'utf8');
    return openSealedJson(text, aliasesFileSchema).aliases;
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
}

export async function writeAliases(modelFolder: string, aliases: Aliases): Promise<void> {
  const sorted = Object.fromEntries(
    Object.keys(aliases)
      .sort()
      .map((alias) => [alias, aliases[alias]]),
  );
  await replaceFile(join(modelFolder, ALIASES_FILE), sealedJson({ schema: 1, aliases: sorted }));
}
