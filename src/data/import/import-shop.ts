import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { buildSnapshot, rehearseSnapshot, type SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { homeLayout } from '../home-layout.ts';
import { checkShop } from './checks/check-shop.ts';
import { requireEachOrderOnce } from './checks/repeated-orders.ts';
import { type ShopFiles, understandFiles } from './columns/shop-files.ts';
import { addEarlierPersons, attachEarlierShop, decideKeptTables, sayWhatIsKept } from './earlier-shop.ts';
import { requireUnchanged } from './files/file-origin.ts';
import { openFiles } from './files/open-files.ts';
import { Decisions, type ImportContext } from './import-context.ts';
import { rejectRows, reportTables, requireOrders } from './import-outcome.ts';
import type { ImportReport } from './import-report.ts';
import type { ImportOptions, ImportRequest } from './import-request.ts';
import { keepLog } from './kept-log.ts';
import { currencyWithEarlier, noteCurrency } from './meaning/earlier-currency.ts';
import { requireAlikeIds } from './meaning/earlier-ids.ts';
import { type Decided, drawUpLedger, type Ledger } from './meaning/ledger.ts';
import { requirePlausible } from './meaning/plausibility.ts';
import { settleMeaning } from './meaning/settle-meaning.ts';
import { saySubtotals } from './meaning/subtotals.ts';
import { stageShop } from './staging/stage-shop.ts';
import type { TableReport } from './table-report.ts';
import { createValueMacros } from './values/value-macros.ts';
import { writeAttributes } from './write-attributes.ts';
import { writeShop } from './write-shop.ts';

/** The result of an import once the shop tables are written. */
export interface ImportOutcome {
  readonly tables: readonly TableReport[];
  readonly notes: readonly string[];
  readonly ledger: Ledger;
  /** A file of the build; undefined if no row was rejected. */
  readonly rejects: string | undefined;
}

/**
 * Imports a shop's files as the next snapshot. Files are read as text or as the types they have, then every column gets one way of
 * reading, every row is used or rejected with a reason, and ids get one type over all tables.
 *
 * @throws IMPORT_REFUSED if the files cannot be used as they are, STORAGE if the home cannot be written,
 * CANCELLED on abort. In each case the data that was current stays so.
 */
export async function importShop(request: ImportRequest, options: ImportOptions): Promise<ImportReport> {
  const { home, signal, onProgress, segmentThresholds } = options;
  let outcome: ImportOutcome | undefined;
  const fill = async (writer: SnapshotWriter) => {
    outcome = await fillSnapshot(writer, request, options);
  };
  const beforeFlip = async (id: string) => {
    if (outcome?.rejects !== undefined) await rename(outcome.rejects, homeLayout(home).rejectsOf(id));
  };
  const build = { home, signal, onProgress, segmentThresholds, fill };
  const built =
    request.dryRun === true
      ? { snapshotId: undefined, summary: await rehearseSnapshot(build) }
      : await buildSnapshot({ ...build, beforeFlip });
  if (outcome === undefined) throw new ChurnMcpError('INTERNAL', 'The import ended without a report.');
  const { rejects, ...told } = outcome;
  const isKept = rejects !== undefined && built.snapshotId !== undefined;
  return {
    ...built,
    ...told,
    ...(isKept ? { rejectsFile: homeLayout(home).rejectsOf(built.snapshotId) } : {}),
  };
}

/**
 * Fills a snapshot that is being built with rows of the log.
 *
 * @returns the file of rejected rows
 */
export async function fillFromLog(
  writer: SnapshotWriter,
  request: ImportRequest,
  options: ImportOptions,
): Promise<string | undefined> {
  return (await fillTables(writer, request, options)).rejects;
}

/** Fills a snapshot that is being built with what the files of a request hold, and says what became of them. */
async function fillSnapshot(
  writer: SnapshotWriter,
  request: ImportRequest,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { context, shop, tables, decided, rejects } = await fillTables(writer, request, options);
  const ledger = await drawUpLedger(context, shop, tables, decided);
  return { tables, notes: context.decisions.sentences, ledger, rejects };
}

interface FilledTables {
  readonly context: ImportContext;
  readonly shop: ShopFiles;
  readonly tables: readonly TableReport[];
  readonly decided: Decided;
  readonly rejects: string | undefined;
}

async function fillTables(
  writer: SnapshotWriter,
  request: ImportRequest,
  { home, signal, onProgress, now = new Date(), beforeRefunds }: ImportOptions,
): Promise<FilledTables> {
  const { connection, workFolder } = writer;
  const context: ImportContext = {
    connection,
    workFolder,
    request,
    signal,
    now,
    decisions: new Decisions(),
    beforeRefunds,
  };
  const enter = (phase: string, message: string) => {
    throwIfAborted(signal);
    onProgress?.({ phase, done: 0, total: 1, message });
  };
  enter('reading', 'Reading the files');
  const shop = await understandFiles(await openFiles(context), context);
  const staged = await stageShop(context, shop);
  enter('checking', 'Checking every row');
  const withPlainNumbers = await createValueMacros(context, staged);
  const settled = await settleMeaning(context, shop, { staged, withPlainNumbers });
  if (request.isOfLog !== true) await requireEachOrderOnce(context, shop, staged);
  const earlier = await attachEarlierShop(context, home);
  if (request.isOfLog !== true) await keepLog(context);
  await addEarlierPersons(context, earlier);
  const currency = await currencyWithEarlier(context, earlier, settled.currency);
  const checked = await checkShop(context, shop, staged, earlier);
  if (request.isOfLog !== true) await requireAlikeIds(context, earlier);
  const kept = await decideKeptTables(context, shop, earlier);
  enter('writing', 'Writing the shop tables');
  await writeShop(writer, checked.tables, kept);
  await writeAttributes(connection, shop, kept);
  await noteCurrency(connection, currency);
  if (kept !== undefined && request.isOfLog !== true) await sayWhatIsKept(context, kept);
  const tables = await reportTables(connection, shop);
  if (request.isOfLog !== true) requireOrders(tables, checked.appended !== undefined);
  saySubtotals(context, tables);
  const matches = request.isOfLog === true ? undefined : await requirePlausible(context, shop, tables);
  const rejects = await rejectRows(connection, join(workFolder, 'rejects.csv'), tables);
  for (const { file } of shop.files) await requireUnchanged(file.origin);
  return { context, shop, tables, decided: { ...settled, ...checked, matches }, rejects };
}
