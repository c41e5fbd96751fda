import { DuckDBInstance } from '@duckdb/node-api';
import { IMPORT_FIELDS } from '../../src/data/import/columns/import-fields.ts';
import { Decisions, type ImportContext } from '../../src/data/import/import-context.ts';
import type { ImportRequest } from '../../src/data/import/import-request.ts';
import type { StagedShop } from '../../src/data/import/staging/stage-shop.ts';
import type { StagedFile } from '../../src/data/import/staging/staged-file.ts';
import { createValueMacros } from '../../src/data/import/values/value-macros.ts';
import { SHOP_TABLE_NAMES, type ShopTable } from '../../src/data/shop-tables.ts';

/** What an import makes of the texts of one column, as the texts of its values; null for those that it cannot read. */
export async function valuesOfColumn(
  table: ShopTable,
  field: string,
  texts: readonly string[],
  request: ImportRequest = {},
): Promise<(string | null)[]> {
  const rows = await valuesOfColumns(
    table,
    texts.map((text) => ({ [field]: text })),
    request,
  );
  return rows.map((row) => row[field] ?? null);
}

/** The same for several columns of a table. */
export async function valuesOfColumns(
  table: ShopTable,
  rows: readonly Readonly<Record<string, string>>[],
  request: ImportRequest = {},
): Promise<Record<string, string | null>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("set time zone 'UTC'");
    await connection.run('create schema staging');
    for (const each of SHOP_TABLE_NAMES) {
      const columns = IMPORT_FIELDS[each].map((field) => `${field} varchar`);
      await connection.run(`create table staging.${each} (row_number bigint, ${columns.join(', ')})`);
    }
    const fields = Object.keys(rows[0] ?? {});
    for (const [at, row] of rows.entries()) {
      const marks = fields.map(() => '?').join(', ');
      await connection.run(
        `insert into staging.${table} (row_number, ${fields.join(', ')}) values (${at}, ${marks})`,
        fields.map((field) => row[field] ?? ''),
      );
    }
    const tableOf = (name: ShopTable) => ({
      table: name,
      files: name === table ? [stagedFile(table, fields, rows.length)] : [],
    });
    const staged: StagedShop = {
      orders: tableOf('orders'),
      order_items: tableOf('order_items'),
      product_catalog: tableOf('product_catalog'),
      customers: tableOf('customers'),
    };
    const context: ImportContext = {
      connection,
      workFolder: '',
      request,
      signal: undefined,
      now: new Date('2026-11-26T12:00:00Z'),
      enter: () => undefined,
      decisions: new Decisions(),
      mostStoredLines: 0,
    };
    await createValueMacros(context, staged);
    const values = fields.map(
      (field) => `cast(${table}_${field}(${table}_${field}_written(${field})) as varchar) as ${field}`,
    );
    const result = await connection.runAndReadAll(
      `select ${values.join(', ')} from staging.${table} order by row_number`,
    );
    return result
      .getRowObjectsJson()
      .map((row) =>
        Object.fromEntries(fields.map((field) => [field, row[field] === null ? null : String(row[field])])),
      );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A text file whose columns have the names of fields. */
function stagedFile(table: ShopTable, fields: readonly string[], rows: number): StagedFile {
  return {
    table,
    file: {
      path: 'texts.csv',
      name: 'texts.csv',
      origin: { path: 'texts.csv', name: 'texts.csv', state: '' },
      writesPoints: false,
      format: 'csv',
      compressed: false,
      head: { delimiter: ',', columns: fields, linesBefore: 0 },
      lineCount: rows + 1,
    },
    columns: fields,
    types: fields.map(() => 'VARCHAR'),
    paths: fields.map((field) => [field]),
    match: Object.fromEntries(fields.map((field, at) => [field, at])),
    insteadOfZero: {},
    ofNegative: {},
    system: undefined,
    attributeColumns: [],
    relation: table,
    fileNumber: 1,
    kind: 'table',
    rowsBefore: 0,
    rows,
  };
}
