import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import type { ImportRequest } from './import-request.ts';

/** What every step of an import works with. */
export interface ImportContext {
  /** The database being built. The rows as read are in its schema `staging`, the shop tables in `raw`. */
  readonly connection: DuckDBConnection;
  /** For files of the import itself; it is removed with the build. */
  readonly workFolder: string;
  readonly request: ImportRequest;
  readonly signal: AbortSignal | undefined;
  /** When the import began: nothing else reads the clock. */
  readonly now: Date;
  readonly decisions: Decisions;
}

/** What an import decided, where a user may have expected something else: full sentences, in the order they were said. */
export class Decisions {
  readonly #sentences: string[] = [];

  say(sentence: string): void {
    if (!this.#sentences.includes(sentence)) this.#sentences.push(sentence);
  }

  get sentences(): readonly string[] {
    return this.#sentences;
  }
}
