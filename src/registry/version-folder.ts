import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChurnMcpError } from '../errors.ts';
import { sha256Of } from '../files/checksum.ts';
import { writeNewFile } from '../files/durable-files.ts';
import { flushFolder } from '../files/folders.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import { readModelCard } from './card-schema-1.ts';
import type { ModelCard, RegisteredModel } from './model-card.ts';
import { corruptVersion } from './registry-errors.ts';
import { formatTrees, parseTrees } from './trees-file.ts';

/**
 * A version's folder:
 *
 *     model.onnx   what serves
 *     trees.json   the native trees, for explanations
 *     card.json    everything else there is to know; holds the checksums of the two above
 *     SHA256SUMS   the checksums of all three, as `sha256sum -c SHA256SUMS` reads them
 *
 * The checksums find damage and edits by hand. They are no signature: who can write the folder can write them too.
 */
const MODEL_FILE = 'model.onnx';
const TREES_FILE = 'trees.json';
const CARD_FILE = 'card.json';
const SUMS_FILE = 'SHA256SUMS';

const WAS_CHANGED = 'was changed or damaged after it was registered';

const SUMS_LINE = /^([0-9a-f]{64}) {2}(\S+)$/;

/** Writes the two files that do not depend on the version's name; returns their checksums for the card. */
export async function writeModelFiles(
  folder: string,
  onnx: Uint8Array,
  ensemble: TreeEnsemble,
): Promise<Record<string, string>> {
  const trees = formatTrees(ensemble);
  await writeNewFile(join(folder, MODEL_FILE), onnx);
  await writeNewFile(join(folder, TREES_FILE), trees);
  return { [MODEL_FILE]: sha256Of(onnx), [TREES_FILE]: sha256Of(trees) };
}

/** Writes card and checksums, over those of an earlier name, and flushes the folder. */
export async function writeCardFiles(folder: string, card: ModelCard): Promise<void> {
  const text = `${JSON.stringify(card, null, 2)}\n`;
  const sums = { ...card.files, [CARD_FILE]: sha256Of(text) };
  for (const file of [CARD_FILE, SUMS_FILE]) await rm(join(folder, file), { force: true });
  await writeNewFile(join(folder, CARD_FILE), text);
  await writeNewFile(join(folder, SUMS_FILE), formatSums(sums));
  await flushFolder(folder);
}

/** The files of a version, as they are named in every registry. */
export const VERSION_FILES = [MODEL_FILE, TREES_FILE, CARD_FILE, SUMS_FILE] as const;

/** Copies a version's files, byte for byte, and flushes the folder. */
export async function copyVersion(from: string, to: string): Promise<void> {
  for (const file of VERSION_FILES) await writeNewFile(join(to, file), await readFile(join(from, file)));
  await flushFolder(to);
}

/** Where a version is, and what an error about it says besides. */
export interface VersionPlace {
  readonly folder: string;
  readonly model: RegisteredModel;
  readonly version: string;
  /** The model's other versions, newest first. */
  readonly others: readonly string[];
}

/** Reads a version's card, checked. Throws `MODEL_CORRUPT`. */
export async function readCard(place: VersionPlace): Promise<ModelCard> {
  const sums = (await readBytes(place, SUMS_FILE)).toString('utf8');
  const text = await readBytes(place, CARD_FILE);
  const expected = checksumIn(sums, CARD_FILE);
  if (expected === undefined) throw corrupt(place, `${SUMS_FILE} ${WAS_CHANGED}`);
  // Nothing else tells which of the two it is.
  if (sha256Of(text) !== expected) throw corrupt(place, `${CARD_FILE} or ${SUMS_FILE} ${WAS_CHANGED}`);
  const card = parsed(place, CARD_FILE, () => readModelCard(JSON.parse(text.toString('utf8'))));
  if (card.model !== place.model || card.version !== place.version) {
    throw corrupt(place, 'its card belongs to another version');
  }
  if (sums !== formatSums({ ...card.files, [CARD_FILE]: sha256Of(text) })) {
    throw corrupt(place, `${SUMS_FILE} ${WAS_CHANGED}`);
  }
  return card;
}

/** Reads the files that a card vouches for. Throws `MODEL_CORRUPT`. */
export async function readModelFiles(
  place: VersionPlace,
  card: ModelCard,
): Promise<{ onnx: Uint8Array; ensemble: TreeEnsemble }> {
  const [onnx, trees] = await Promise.all([
    readChecked(place, MODEL_FILE, card.files[MODEL_FILE]),
    readChecked(place, TREES_FILE, card.files[TREES_FILE]),
  ]);
  return { onnx, ensemble: parsed(place, TREES_FILE, () => parseTrees(trees.toString('utf8'))) };
}

async function readChecked(place: VersionPlace, file: string, expected: string | undefined): Promise<Buffer> {
  const bytes = await readBytes(place, file);
  if (sha256Of(bytes) !== expected) throw corrupt(place, `${file} ${WAS_CHANGED}`);
  return bytes;
}

async function readBytes(place: VersionPlace, file: string): Promise<Buffer> {
  try {
    return await readFile(join(place.folder, file));
  } catch (cause) {
    throw corrupt(place, `${file} is missing or cannot be read`, cause);
  }
}

function parsed<Content>(place: VersionPlace, file: string, parse: () => Content): Content {
  try {
    return parse();
  } catch (cause) {
    throw corrupt(place, `${file} cannot be read by this version of churn-mcp`, cause);
  }
}

function corrupt(place: VersionPlace, what: string, cause?: unknown): ChurnMcpError {
  return corruptVersion(place.model, place.version, what, { others: place.others, cause });
}

function formatSums(sums: Readonly<Record<string, string>>): string {
  return Object.keys(sums)
    .sort()
    .map((file) => `${sums[file]}  ${file}\n`)
    .join('');
}

/** The checksum of a file in the text of `SHA256SUMS`. */
function checksumIn(sums: string, file: string): string | undefined {
  return sums
    .split('\n')
    .map((line) => SUMS_LINE.exec(line))
    .find((line) => line?.[2] === file)?.[1];
}
