import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import type { ImportRequest } from './import-request.ts';

/** What every step of an import works with. */
export interface ImportContext {
  /** The database being built. Schema `staging` holds the rows as read, `raw` the shop tables. */
  readonly connection: DuckDBConnection;
  /** For files of the import itself; it is removed with the build. */
  readonly workFolder: string;
  readonly request: ImportRequest;
  readonly signal: AbortSignal | undefined;
  /** When the import began. No other code of the import reads the clock. */
  readonly now: Date;
  /** Begins a phase of the import. @throws CANCELLED on abort */
  readonly enter: (phase: string, message: string) => void;
  readonly decisions: Decisions;
  /** As in `ImportOptions`. */
  readonly mostStoredLines: number;
}

/** Decisions of the import that a user may not expect: full sentences, in order. */
export class Decisions {
  readonly #sentences: string[] = [];

  say(sentence: string): void {
    if (!this.#sentences.includes(sentence)) this.#sentences.push(sentence);
  }

  get sentences(): readonly string[] {
    return this.#sentences;
  }
}
