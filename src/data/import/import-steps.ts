import { rename } from 'node:fs/promises';
import { ChurnMcpError } from '../../errors.ts';
import type { DataSummary } from '../data-source.ts';
import type { SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { homeLayout } from '../home-layout.ts';
import type { NeededPersons } from './earlier-shop.ts';
import { type CheckedFiles, checkFiles, type FilledTables, fillTables } from './fill-tables.ts';
import type { ImportReport } from './import-report.ts';
import type { ImportOptions, ImportRequest } from './import-request.ts';
import { drawUpLedger, type Ledger } from './meaning/ledger.ts';
import type { SmallShop } from './small-shop.ts';

/** The steps of one import in their order, whatever tables they write into. */
export class ImportSteps {
  readonly #request: ImportRequest;
  readonly #options: ImportOptions;
  #checked: CheckedFiles | undefined;
  #filled: FilledTables | undefined;
  #ledger: Ledger | undefined;

  constructor(request: ImportRequest, options: ImportOptions) {
    this.#request = request;
    this.#options = options;
  }

  get checked(): CheckedFiles {
    return done(this.#checked);
  }

  /** Reads the files, checks their rows, and attaches the previous snapshot as `earlier`. */
  async check(writer: SnapshotWriter, needed: NeededPersons): Promise<CheckedFiles> {
    this.#checked = await checkFiles(writer, this.#request, this.#options, needed);
    return this.#checked;
  }

  /** Writes the shop tables. @param small as for `fillTables` */
  async fill(writer: SnapshotWriter, small?: SmallShop): Promise<FilledTables> {
    this.#filled = await fillTables(writer, this.checked, small);
    return this.#filled;
  }

  /** Draws up the ledger of the whole shop, which is the schema `raw` now. */
  async count(): Promise<void> {
    const { context, shop, tables, decided } = done(this.#filled);
    this.#ledger = await drawUpLedger(context, shop, tables, decided);
  }

  /** Keeps the rejected rows beside the snapshot of that id. */
  readonly beforeFlip = async (id: string): Promise<void> => {
    const { rejects } = done(this.#filled);
    if (rejects !== undefined) await rename(rejects, homeLayout(this.#options.home).rejectsOf(id));
  };

  /** @param built the snapshot, without an id after a dry run */
  report(built: { readonly snapshotId: string | undefined; readonly summary: DataSummary }): ImportReport {
    const { context, tables, rejects } = done(this.#filled);
    const isKept = rejects !== undefined && built.snapshotId !== undefined;
    return {
      ...built,
      tables,
      notes: context.decisions.sentences,
      ledger: done(this.#ledger),
      ...(isKept ? { rejectsFile: homeLayout(this.#options.home).rejectsOf(built.snapshotId) } : {}),
    };
  }
}

function done<Result>(result: Result | undefined): Result {
  if (result === undefined) throw new ChurnMcpError('INTERNAL', 'A step of an import was left out.');
  return result;
}
