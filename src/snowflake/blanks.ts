/** The blanks of a file of `sql/snowflake`: `blank_x`, for what Snowflake lets nobody bind. */
import { ChurnMcpError } from '../errors.ts';

/** The values for the blanks: quoted identifiers, literals, and texts made of these. */
export type Blanks = Readonly<Record<string, string>>;

/** Comments, literals and quoted names are pieces of their own, so nothing inside them is taken for a blank. */
const PIECES = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\bblank_([a-z_]+)\b/g;

export function fillBlanks(text: string, blanks: Blanks): string {
  return text.replaceAll(PIECES, (piece: string, blank?: string) =>
    blank === undefined ? piece : filledBlank(blank, blanks),
  );
}

function filledBlank(name: string, blanks: Blanks): string {
  const value = Object.hasOwn(blanks, name) ? blanks[name] : undefined;
  if (value === undefined) throw new ChurnMcpError('INTERNAL', `No value was given for "${name}".`);
  return value;
}
