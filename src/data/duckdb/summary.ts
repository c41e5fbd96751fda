import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import type { DataSummary } from '../data-source.ts';
import { loadSql } from '../load-sql.ts';
import type { SegmentThresholds } from '../segment-thresholds.ts';
import { shopCountsSchema, summaryOfCounts } from '../shop-counts.ts';
import { SNAPSHOT_FORMAT } from '../snapshot-format.ts';
import type { DuckDBConnection } from './duckdb-engine.ts';
import { fingerprintOf } from './fingerprint.ts';

const countsSchema = shopCountsSchema.extend({ customer_id_type: z.string(), product_id_type: z.string() });

/** Counts and fingerprints the shop tables, and stores the result in the snapshot as `about.summary`, with the format. */
export async function summarise(
  connection: DuckDBConnection,
  segmentThresholds: SegmentThresholds,
): Promise<DataSummary> {
  const result = await connection.runAndReadAll(loadSql('duckdb/snapshot/summary'));
  const counts = countsSchema.parse(result.getRowObjectsJson()[0]);
  const summary = summaryOfCounts(counts, {
    fingerprint: await fingerprintOf(connection),
    customerIdType: counts.customer_id_type === 'BIGINT' ? 'integer' : 'text',
    productIdType: counts.product_id_type === 'BIGINT' ? 'integer' : 'text',
    segmentThresholds,
  });
  if (summary === undefined) {
    throw new ChurnMcpError('IMPORT_REFUSED', 'There is no usable order.');
  }
  await connection.run('create schema about');
  await connection.run(
    'create table about.summary as select cast(? as varchar) as summary, cast(? as bigint) as format',
    [JSON.stringify(summary), SNAPSHOT_FORMAT],
  );
  return summary;
}
