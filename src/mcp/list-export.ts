/** The argument `export` of lists: the whole list as a file, whatever the page shows. */
import { z } from 'zod';
import type { Id } from '../data/data-source.ts';
import type { OutputColumn } from '../data/output-column.ts';
import { TABLE_FORMATS, type TableFormat } from '../data/table-file.ts';
import { plural } from '../text/format.ts';
import type { ToolLink } from './tool.ts';
import type { ExportedFile, ToolContext } from './tool-context.ts';

export const exportSchema = z
  .enum(TABLE_FORMATS)
  .optional()
  .describe('Writes the whole list to a file too (xlsx: Excel).');

export const exportedSchema = z
  .object({
    name: z.string().describe('The file.'),
    rows: z.int().describe('Rows of it, without the header.'),
    path: z.string().optional().describe('Where it is, for callers on the machine of the server.'),
    uri: z.string().optional().describe('The resource to read, for all others.'),
  })
  .optional()
  .describe('Only with export.');

export interface ExportedList {
  /** Of the file, without day and ending. */
  readonly name: string;
  readonly asOf: string;
  readonly columns: readonly OutputColumn[];
}

/** A list of customers: the columns of its rows between what is known of each customer. */
export async function customerList(
  context: ToolContext,
  list: Omit<ExportedList, 'columns'> & { readonly customerIds: readonly Id[]; readonly withOffers: boolean },
  columns: readonly OutputColumn[],
): Promise<ExportedList> {
  const { name, asOf, customerIds, withOffers } = list;
  const { signal } = context;
  const { contacts, groups, offers } = await context.exports.describe(
    customerIds,
    { asOf, withOffers },
    { signal },
  );
  const id = { name: 'customer_id', values: customerIds };
  return { name, asOf, columns: [id, ...contacts, ...columns, ...groups, ...offers] };
}

export interface ExportFields {
  readonly exported: z.output<typeof exportedSchema>;
  /** Tells where the file is. */
  readonly note: string;
  readonly link: ToolLink | undefined;
}

/** Writes the list, and says where it is. */
export async function writeList(
  { exports, signal }: ToolContext,
  { name, asOf, columns }: ExportedList,
  format: TableFormat,
): Promise<ExportFields> {
  const file = await exports.write({ name: `${name}_${asOf}`, columns }, format, { signal });
  return { exported: { ...file }, note: exportText(file), link: linkOf(file, format) };
}

function exportText({ name, rows, path, uri }: ExportedFile): string {
  if (uri === undefined) return `The whole list, ${plural(rows, 'row')}, is in ${path ?? name}.`;
  return `The whole list, ${plural(rows, 'row')}, is in ${name}. Read the resource ${uri} to get it; it is kept for a day.`;
}

const MIME_TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
} as const;

/** The type of a file by its ending. */
export function exportMimeType(name: string): string {
  const format = TABLE_FORMATS.find((each) => name.endsWith(`.${each}`));
  return format === undefined ? 'application/octet-stream' : MIME_TYPES[format];
}

function linkOf({ name, uri }: ExportedFile, format: TableFormat): ToolLink | undefined {
  return uri === undefined ? undefined : { uri, name, mimeType: MIME_TYPES[format] };
}
