import type { DataSource } from '../../src/data/data-source.ts';

/** The same data as a source has it that is not of this machine: nobody knows when it was made. */
export function dataElsewhere(data: DataSource, replaced: Partial<DataSource> = {}): DataSource {
  return {
    summary: () => data.summary(),
    rows: (query, rowSchema) => data.rows(query, rowSchema),
    columns: (query) => data.columns(query),
    withRelations: (relations, signal, options) => data.withRelations(relations, signal, options),
    async [Symbol.asyncDispose]() {},
    ...replaced,
  };
}
