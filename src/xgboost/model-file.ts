import { readFile, stat } from 'node:fs/promises';
import { refusedModel, SAVE_AGAIN } from './model-refusal.ts';
import { readUbjson } from './read-ubjson.ts';
import { parseXgboostModel, type XgboostModel } from './xgboost-model.ts';

/** Ten times the size of a thousand trees of depth six. */
export const MOST_MODEL_BYTES = 64 * 1024 * 1024;

/**
 * Reads a model that XGBoost saved, as JSON or UBJSON. The first bytes say which of the two it is.
 *
 * @throws MODEL_REFUSED
 */
export async function readXgboostModel(file: string): Promise<{ model: XgboostModel; bytes: Uint8Array }> {
  const bytes = await readBytes(file, 'The model file', MOST_MODEL_BYTES);
  return { model: decodeXgboostModel(bytes), bytes };
}

/** @throws MODEL_REFUSED */
export function decodeXgboostModel(bytes: Uint8Array): XgboostModel {
  return parseXgboostModel(isUbjson(bytes) ? readUbjson(bytes) : readXgboostJson(bytes));
}

/** Reads a whole file of no more than `mostBytes`. */
export async function readBytes(file: string, what: string, mostBytes: number): Promise<Uint8Array> {
  let size: number;
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new TypeError('not a file');
    size = found.size;
  } catch (cause) {
    throw refusedModel(`${what} cannot be read.`, 'Check its name and whether you may read it.', cause);
  }
  if (size > mostBytes) {
    throw refusedModel(
      `${what} has ${Math.ceil(size / 1024 / 1024)} MB. At most ${Math.floor(mostBytes / 1024 / 1024)} MB can be read.`,
      'Train fewer or shallower trees, or cut the booster: booster[:100].save_model("model.ubj").',
    );
  }
  return readFile(file);
}

/** Both begin with a brace; then JSON has a quote or white space, UBJSON the type of the first key's length. */
function isUbjson(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && 'iUIlL'.includes(String.fromCharCode(bytes[1]));
}

/** Strings are matched too, so that the letters NaN within a string stay as they are. */
const BARE_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|\bNaN\b|\bInfinity\b/g;

/** JSON as XGBoost writes it: with a bare NaN as the threshold of a categorical split, and bare Infinity. */
function readXgboostJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(
      text.replaceAll(BARE_NUMBERS, (token) => {
        if (token === 'NaN') return 'null';
        return token === 'Infinity' ? '1e999' : token;
      }),
    );
  } catch (cause) {
    throw refusedModel('The file is neither JSON nor UBJSON.', SAVE_AGAIN, cause);
  }
}
