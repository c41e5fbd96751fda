import { join } from 'node:path';
import { throwIfAborted } from '../../errors.ts';
import type { SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { type CheckedRows, checkRows, checkShop } from './checks/check-shop.ts';
import { requireEachOrderOnce } from './checks/repeated-orders.ts';
import { type ShopFiles, understandFiles } from './columns/shop-files.ts';
import {
  addEarlierPersons,
  attachEarlierShop,
  decideKeptTables,
  type EarlierShop,
  type NeededPersons,
  sayWhatIsKept,
} from './earlier-shop.ts';
import { requireUnchanged } from './files/file-origin.ts';
import { openFiles } from './files/open-files.ts';
import { Decisions, type ImportContext } from './import-context.ts';
import { rejectRows, reportTables, requireOrders } from './import-outcome.ts';
import type { ImportOptions, ImportRequest } from './import-request.ts';
import { currencyWithEarlier, noteCurrency } from './meaning/earlier-currency.ts';
import { requireAlikeIds } from './meaning/earlier-ids.ts';
import type { Decided } from './meaning/ledger.ts';
import { requirePlausible } from './meaning/plausibility.ts';
import { type SettledMeaning, settleMeaning } from './meaning/settle-meaning.ts';
import { saySubtotals } from './meaning/subtotals.ts';
import type { SmallShop } from './small-shop.ts';
import { stageShop } from './staging/stage-shop.ts';
import type { TableReport } from './table-report.ts';
import { createValueMacros } from './values/value-macros.ts';
import { writeAttributes } from './write-attributes.ts';
import { writeShop } from './write-shop.ts';

/** Up to here it takes longer to plan the checks of the lines anew for each statement that reads them than to store them. */
const MOST_STORED_LINES = 50_000;

/** The files of a request with every row checked, but not yet beside the orders of the previous snapshot. */
export interface CheckedFiles {
  readonly context: ImportContext;
  readonly shop: ShopFiles;
  readonly settled: SettledMeaning;
  /** Undefined if nothing of the previous snapshot is to stay. */
  readonly earlier: EarlierShop | undefined;
  readonly currency: string | undefined;
  readonly rows: CheckedRows;
}

export interface FilledTables {
  readonly context: ImportContext;
  readonly shop: ShopFiles;
  readonly tables: readonly TableReport[];
  readonly decided: Decided;
  /** The file of rejected rows; undefined if no row was rejected. */
  readonly rejects: string | undefined;
}

/** The first half of an import: reads the files, and checks their rows. Attaches the previous snapshot as `earlier`. */
export async function checkFiles(
  { connection, workFolder }: SnapshotWriter,
  request: ImportRequest,
  { home, signal, onProgress, now = new Date(), mostStoredLines = MOST_STORED_LINES }: ImportOptions,
  needed: NeededPersons = 'all',
): Promise<CheckedFiles> {
  const context: ImportContext = {
    connection,
    workFolder,
    request,
    signal,
    now,
    enter: (phase, message) => {
      throwIfAborted(signal);
      onProgress?.({ phase, done: 0, total: 1, message });
    },
    decisions: new Decisions(),
    mostStoredLines,
  };
  context.enter('reading', 'Reading the files');
  const shop = await understandFiles(await openFiles(context), context);
  const staged = await stageShop(context, shop);
  context.enter('checking', 'Checking every row');
  const forms = await createValueMacros(context, staged);
  const settled = await settleMeaning(context, shop, { staged, withPlainNumbers: forms.withPlainNumbers });
  if (request.isOfLog !== true) await requireEachOrderOnce(context, shop, staged);
  const earlier = await attachEarlierShop(context, home);
  await addEarlierPersons(context, earlier, needed);
  const currency = await currencyWithEarlier(context, earlier, settled.currency);
  const rows = await checkRows(context, shop, { staged, forms });
  return { context, shop, settled, earlier, currency, rows };
}

/**
 * The second half: puts the rows beside those of `earlier` that stay, and writes the shop tables.
 *
 * @param small if `earlier` does not hold all rows of the previous snapshot
 */
export async function fillTables(
  writer: SnapshotWriter,
  { context, shop, settled, earlier, currency, rows }: CheckedFiles,
  small?: SmallShop,
): Promise<FilledTables> {
  const { connection, request } = context;
  const checked = await checkShop(context, rows, earlier, small?.bringOrdersOfRefunds);
  if (request.isOfLog !== true) await requireAlikeIds(context, earlier);
  const kept = await decideKeptTables(context, shop, earlier);
  context.enter('writing', 'Writing the shop tables');
  await writeShop(writer, checked.tables, kept);
  await writeAttributes(connection, shop, kept);
  await noteCurrency(connection, currency);
  if (kept !== undefined && request.isOfLog !== true) await sayWhatIsKept(context, kept, small);
  const tables = await reportTables(connection, shop);
  if (request.isOfLog !== true) requireOrders(tables, checked.appended !== undefined);
  saySubtotals(context, tables);
  const matches = request.isOfLog === true ? undefined : await requirePlausible(context, shop, tables);
  const rejects = await rejectRows(connection, join(context.workFolder, 'rejects.csv'), tables);
  for (const { file } of shop.files) await requireUnchanged(file.origin);
  const decided = { ...settled, charges: rows.charges, appended: checked.appended, matches };
  return { context, shop, tables, decided, rejects };
}
