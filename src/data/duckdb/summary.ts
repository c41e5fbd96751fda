import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import type { DataSummary, SqlValue } from '../data-source.ts';
import { loadSql } from '../load-sql.ts';
import type { SegmentThresholds } from '../segment-thresholds.ts';
import { shopCountsSchema, summaryOfCounts } from '../shop-counts.ts';
import { SHOP_TABLE_NAMES } from '../shop-tables.ts';
import { SNAPSHOT_FORMAT } from '../snapshot-format.ts';
import { dataSummarySchema } from '../snapshot-summary.ts';
import type { SqlFile } from '../sql-file.ts';
import type { DuckDBConnection } from './duckdb-engine.ts';
import { fingerprintOfSums, type ShopSums, sumsOfEach } from './fingerprint.ts';

const countsSchema = shopCountsSchema.extend({ customer_id_type: z.string(), product_id_type: z.string() });

/** What a summary is made from. */
export interface Summed {
  readonly segmentThresholds: SegmentThresholds;
  readonly sums: ShopSums;
  /** The statement that counts the shop tables, and what it binds. */
  readonly counts: SqlFile;
  readonly values?: SqlValue[];
}

/**
 * Counts and fingerprints the shop tables, and stores the result in the snapshot as `about.summary`, with the format, and as
 * `about.content_sums`, from which a refresh makes the fingerprint of the next snapshot.
 */
export async function summarise(
  connection: DuckDBConnection,
  { segmentThresholds, sums, counts: file, values = [] }: Summed,
): Promise<DataSummary> {
  const result = await connection.runAndReadAll(loadSql(file), values);
  const counts = countsSchema.parse(result.getRowObjectsJson()[0]);
  const summary = summaryOfCounts(counts, {
    fingerprint: fingerprintOfSums(sums),
    customerIdType: counts.customer_id_type === 'BIGINT' ? 'integer' : 'text',
    productIdType: counts.product_id_type === 'BIGINT' ? 'integer' : 'text',
    segmentThresholds,
  });
  if (summary === undefined) {
    throw new ChurnMcpError('IMPORT_REFUSED', 'There is no usable order.');
  }
  await connection.run('create schema if not exists about');
  await connection.run(
    'create or replace table about.summary as select cast(? as varchar) as summary, cast(? as bigint) as format',
    [JSON.stringify(summary), SNAPSHOT_FORMAT],
  );
  await connection.run(loadSql('duckdb/snapshot/content_sums_table'));
  for (const table of SHOP_TABLE_NAMES) {
    const { rows, first, second } = sums[table];
    await connection.run(loadSql('duckdb/snapshot/insert_content_sums'), [
      table,
      `${rows}`,
      `${first}`,
      `${second}`,
    ]);
  }
  return summary;
}

/** What the snapshot that is attached as `earlier` says of itself. */
export async function readSummary(connection: DuckDBConnection): Promise<DataSummary> {
  const result = await connection.runAndReadAll(loadSql('duckdb/refresh/earlier_summary'));
  return dataSummarySchema.parse(JSON.parse(String(result.getRowsJson()[0]?.[0])));
}

const sumsSchema = z.object({
  table_name: z.enum(SHOP_TABLE_NAMES),
  rows: z.coerce.bigint(),
  first: z.coerce.bigint(),
  second: z.coerce.bigint(),
});

/** The sums of the snapshot that is attached as `earlier`, from which its fingerprint was made. */
export async function readSums(connection: DuckDBConnection): Promise<ShopSums> {
  const result = await connection.runAndReadAll(loadSql('duckdb/refresh/earlier_sums'));
  const found = result.getRowObjectsJson().map((row) => sumsSchema.parse(row));
  return await sumsOfEach(async (table) => {
    const sums = found.find(({ table_name }) => table_name === table);
    if (sums === undefined) throw new ChurnMcpError('INTERNAL', 'A snapshot has no sums.');
    return sums;
  });
}
