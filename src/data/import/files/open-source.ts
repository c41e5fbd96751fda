import { throwIfAborted } from '../../../errors.ts';
import { unpack } from './archive.ts';
import { type FileOrigin, originOf, startOf } from './file-origin.ts';
import { refuseFile } from './refused-file.ts';
import { copyName, inspectText, type SourceFile, type Workshop } from './source-file.ts';

/** In a name like `book.xlsx#Orders`, the part after `#` is a sheet. */
const WITH_SHEET = /^(.*\.xls[xm])#(.+)$/i;

/**
 * The files that the engine reads for a given file: mostly the file itself; each file of an archive, each sheet of a workbook.
 *
 * @throws IMPORT_REFUSED if the file is missing, empty, damaged or of a format that is not read
 */
export async function openSource(path: string, workshop: Workshop): Promise<SourceFile[]> {
  const [, book = path, sheet] = WITH_SHEET.exec(path) ?? [];
  const origin = await originOf(book);
  return open({ path: origin.path, name: origin.name }, { origin, sheet, depth: 0 }, workshop);
}

interface Opening {
  readonly origin: FileOrigin;
  readonly sheet: string | undefined;
  /** Refuses an archive within an archive. */
  readonly depth: number;
}

async function open(
  file: { readonly path: string; readonly name: string },
  opening: Opening,
  workshop: Workshop,
): Promise<SourceFile[]> {
  throwIfAborted(workshop.signal);
  const start = await startOf(file.path, 8);
  if (start.length === 0) throw refuseFile(file.name, 'is empty');
  const { origin } = opening;
  const magic = start.toString('latin1');
  if (magic.startsWith('PAR1')) return [{ ...file, origin, format: 'parquet', writesPoints: false }];
  if (magic.startsWith('PK\u0003\u0004')) {
    return (await isWorkbook(file))
      ? openWorkbook(file, opening, workshop)
      : openArchive(file, opening, workshop);
  }
  if (start.toString('hex') === 'd0cf11e0a1b11ae1') {
    throw refuseFile(
      file.name,
      'is an old Excel workbook (.xls) or has a password',
      'Save it as .xlsx or CSV, without a password.',
    );
  }
  const compressed = start[0] === 0x1f && start[1] === 0x8b;
  return [await inspectText({ ...file, compressed }, origin, workshop)];
}

/** Names of files that are in a workbook but not in an archive of exports. */
const WORKBOOK_PARTS = ['[Content_Types].xml', 'xl/workbook.xml', 'xl/worksheets/', 'docProps/app.xml'];

async function isWorkbook({ path }: { readonly path: string }): Promise<boolean> {
  const start = await startOf(path, 1 << 16);
  return WORKBOOK_PARTS.some((name) => start.includes(name));
}

async function openWorkbook(
  file: { readonly path: string; readonly name: string },
  { origin, sheet: wanted }: Opening,
  workshop: Workshop,
): Promise<SourceFile[]> {
  // The library for workbooks has many files, so only an import of one loads it.
  const { writeSheets } = await import('./workbook.ts');
  const sheets = await writeSheets(file, () => copyName(workshop, 'csv'), workshop.signal);
  const sources: SourceFile[] = [];
  for (const { sheet, path } of sheets) {
    if (wanted !== undefined && sheet.toLowerCase() !== wanted.toLowerCase()) continue;
    const name = sheets.length === 1 ? file.name : `${file.name} [${sheet}]`;
    const text = await inspectText({ path, name, compressed: false }, origin, workshop);
    sources.push({ ...text, writesPoints: true });
  }
  if (sources.length > 0) return sources;
  const names = sheets.map(({ sheet }) => sheet).join(', ');
  throw refuseFile(
    file.name,
    wanted === undefined ? 'has no sheet with rows' : `has no sheet "${wanted}" with rows`,
    `Its sheets are: ${names}.`,
  );
}

async function openArchive(
  file: { readonly path: string; readonly name: string },
  opening: Opening,
  workshop: Workshop,
): Promise<SourceFile[]> {
  if (opening.depth > 0) throw refuseFile(file.name, 'is an archive within an archive', 'Unpack it first.');
  const files = await unpack(file, () => copyName(workshop, 'unpacked'), workshop.signal);
  if (files.length === 0) throw refuseFile(file.name, 'is an archive without files');
  const sources: SourceFile[] = [];
  for (const unpacked of files) {
    sources.push(...(await open(unpacked, { ...opening, depth: opening.depth + 1 }, workshop)));
  }
  return sources;
}
