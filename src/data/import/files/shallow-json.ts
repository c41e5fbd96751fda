import { throwIfAborted } from '../../../errors.ts';
import { DEEPEST_JSON, JsonDepth } from '../../../text/json-depth.ts';
import { refuseFile } from './refused-file.ts';
import { bytesOf, type TextBytes } from './text-scan.ts';

/**
 * Checks how deep the values of a JSON file are nested: the engine reads them level by level, and thousands of levels end the
 * whole process.
 *
 * @param isLines whether each line is a value of its own
 * @throws IMPORT_REFUSED if it is nested more than 100 levels deep
 */
export async function requireShallow(
  text: TextBytes,
  isLines: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const depth = new JsonDepth({ isLines });
  for await (const piece of bytesOf(text)) {
    throwIfAborted(signal);
    depth.read(piece);
    if (depth.deepest <= DEEPEST_JSON) continue;
    throw refuseFile(
      text.name,
      `is JSON nested more than ${DEEPEST_JSON} levels deep`,
      'Export one object per order, with plain values.',
    );
  }
}
