import { ChurnMcpError } from '../../../errors.ts';
import { plainText } from '../../../text/plain-text.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { FileColumns } from '../files/file-reader.ts';
import { hasOneValue } from '../files/json-columns.ts';
import type { OpenedFile } from '../files/open-files.ts';
import { type ColumnMatch, namedColumn } from './column-matcher.ts';

/** Something that customers can be filtered by. */
export interface CustomerAttribute {
  /** As filters name it: `country`, `sales_rep`. */
  readonly name: string;
  /** The field, or the column that `--keep` names. */
  readonly source: { readonly field: 'country' | 'channel' } | { readonly column: string };
}

/** Attributes that need no flag. */
const FIELDS = ['country', 'channel'] as const;
const MOST_KEPT = 20;
const MOST_CHARACTERS = 60;

type AttributeFile = OpenedFile & { readonly match: ColumnMatch };

/**
 * The attributes that the files hold: the columns that the user keeps, and country and channel.
 *
 * @throws IMPORT_REFUSED if no file has a column that is to be kept
 */
export function findAttributes(
  files: readonly AttributeFile[],
  keep: readonly string[],
): readonly CustomerAttribute[] {
  if (keep.length > MOST_KEPT) {
    throw new ChurnMcpError('IMPORT_REFUSED', `--keep names ${keep.length} columns.`, {
      hint: `At most ${MOST_KEPT} can be kept.`,
    });
  }
  const kept = keep.map((column): CustomerAttribute => {
    requireColumn(files, column);
    return { name: attributeName(column), source: { column } };
  });
  const known = FIELDS.map((field): CustomerAttribute => ({ name: field, source: { field } }));
  const byName = new Map<string, CustomerAttribute>();
  for (const attribute of [...kept, ...known]) {
    const isThere = files.some((file) => columnOf(attribute, file) !== undefined);
    if (isThere && !byName.has(attribute.name)) byName.set(attribute.name, attribute);
  }
  return [...byName.values()];
}

/** Where each attribute stands in a file; undefined if it does not. */
export function columnsOfAttributes(
  attributes: readonly CustomerAttribute[],
  file: AttributeFile,
): (number | undefined)[] {
  return attributes.map((attribute) => columnOf(attribute, file));
}

function columnOf({ source }: CustomerAttribute, { table, match, ...file }: AttributeFile) {
  if (table === 'product_catalog') return undefined;
  return 'field' in source ? match[source.field] : keptColumn(file, source.column);
}

/** A column with many values in a row is none that customers could be filtered by. */
function keptColumn({ columns, paths, list }: FileColumns, wanted: string): number | undefined {
  const column = namedColumn(wanted, columns);
  return column !== undefined && hasOneValue(paths[column] ?? [], list) ? column : undefined;
}

function requireColumn(files: readonly AttributeFile[], column: string): void {
  const ofCustomers = files.filter(({ table }) => table !== 'product_catalog');
  if (ofCustomers.some((file) => keptColumn(file, column) !== undefined)) return;
  const columns = [...new Set(ofCustomers.flatMap((file) => file.columns))];
  throw new ChurnMcpError('IMPORT_REFUSED', `No file has the column ${quoted(column)}, which --keep names.`, {
    hint: `Their columns are: ${quotedList(columns)}.`,
  });
}

/** `Sales Rep.` is `sales_rep`. */
function attributeName(column: string): string {
  const name = plainText(column, MOST_CHARACTERS)
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return name === '' ? 'column' : name;
}
