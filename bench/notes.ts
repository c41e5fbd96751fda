/** What a person wrote below the figures that a bench writes. */
import { existsSync, readFileSync } from 'node:fs';

const MARK = '<!-- notes -->';

/** The notes of a file from their mark on; none if there is no file or no mark. */
export function notesOf(file: string): string {
  if (!existsSync(file)) return '';
  const text = readFileSync(file, 'utf8');
  const at = text.indexOf(MARK);
  return at === -1 ? '' : `\n${text.slice(at)}`;
}
