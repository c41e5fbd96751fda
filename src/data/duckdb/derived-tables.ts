import type { Relation } from '../data-source.ts';
import type { DuckDBInstance } from './duckdb-engine.ts';
import { quoteIdentifier } from './sql-quoting.ts';

/** A relation that was computed, and the table that holds it. */
export interface DerivedTable {
  readonly name: Relation['name'];
  readonly table: string;
}

/**
 * The database in memory that holds the relations of all derived sources of an instance. Temporary tables would be seen by their own
 * connection alone, and not by sources that are derived from a derived one.
 */
export class DerivedTables {
  readonly #instance: DuckDBInstance;
  #attached: Promise<void> | undefined;
  #named = 0;

  constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /** A table for a relation: several sources may have one of the same name. */
  async nameFor(relation: Relation): Promise<DerivedTable> {
    this.#attached ??= this.#attach();
    await this.#attached;
    this.#named++;
    return { name: relation.name, table: `derived.main.relation_${this.#named}` };
  }

  async #attach(): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      await connection.run("attach ':memory:' as derived (read_write)");
    } finally {
      connection.closeSync();
    }
  }
}

/** Lets a connection read the table by the relation's name. */
export function viewOf({ name, table }: DerivedTable): string {
  return `create temporary view ${quoteIdentifier(name)} as select * from ${table}`;
}
