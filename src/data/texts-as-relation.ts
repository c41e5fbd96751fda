import type { Relation } from './data-source.ts';

/** Rows whose texts are bound as one: an engine takes 30 microseconds for each value that it is given. */
const ROWS_TOGETHER = 100;

/** Texts as a relation, a row each. Ids come as text, whatever type the shop's have. */
export function textsAsRelation(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Relation {
  if (rows.length > ROWS_TOGETHER) return joinedTexts(name, columns, rows);
  const texts = columns.map((column) => `cast(${column} as varchar) as ${column}`).join(', ');
  return {
    name,
    text: `select ${texts} from (values ${placesOf(columns, rows)}) as listed (${columns.join(', ')})`,
    values: rows.flat(),
  };
}

/** The same: of many rows the texts of a column are joined by a character that none of them has, and parted by the engine. */
function joinedTexts(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Relation {
  const separator = separatorOf(rows);
  const batches: (string | number)[][] = [];
  for (let first = 0; first < rows.length; first += ROWS_TOGETHER) {
    const some = rows.slice(first, first + ROWS_TOGETHER);
    batches.push([
      ...columns.map((_, column) => some.map((row) => row[column]).join(separator)),
      some.length,
      separator,
    ]);
  }
  // The separator is a column: emulators of Snowflake write out what they read it from twice, and have one value for it.
  const texts = columns.map(
    (column) =>
      `split_part(cast(joined.${column} as varchar), cast(joined.separator as varchar), parts.part) as ${column}`,
  );
  const parts = Array.from({ length: ROWS_TOGETHER }, (_, part) => `(${part + 1})`).join(', ');
  const ofBatch = [...columns, 'row_count', 'separator'];
  return {
    name,
    text: [
      `select ${texts.join(', ')}`,
      `from (values ${placesOf(ofBatch, batches)}) as joined (${ofBatch.join(', ')})`,
      `cross join (values ${parts}) as parts (part)`,
      'where parts.part <= cast(joined.row_count as integer)',
    ].join('\n'),
    values: batches.flat(),
  };
}

function placesOf(columns: readonly string[], rows: readonly unknown[]): string {
  const places = `(${columns.map(() => '?').join(', ')})`;
  return rows.map(() => places).join(', ');
}

/** The first character from the last control character on that no text has. */
function separatorOf(rows: readonly (readonly string[])[]): string {
  const used = new Set(rows.flatMap((row) => row.flatMap((text) => [...text])));
  let code = 0x1f;
  while (used.has(String.fromCodePoint(code))) code++;
  return String.fromCodePoint(code);
}
