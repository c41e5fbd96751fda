import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import { removeWithChecksum, stateOfFile } from '../../files/checksum.ts';
import { replaceFile } from '../../files/durable-files.ts';
import { makeFolder } from '../../files/folders.ts';
import { openSealedJson, sealedJson } from '../../files/sealed-json.ts';
import { isMissing } from '../../files/system-error.ts';
import { columnTableOf } from '../duckdb/column-reader.ts';
import { openEngine, withConnection } from '../duckdb/duckdb-engine.ts';
import { loadSql } from '../load-sql.ts';
import { type FeatureTable, type TableSummary, tableSummarySchema } from './feature-table.ts';
import { featureTableLayout, TABLE_FILE_NAME } from './feature-table-layout.ts';
import { readCells } from './table-cells.ts';

const pointerSchema = tableSummarySchema.extend({
  format: z.literal(1),
  file: z.string().regex(TABLE_FILE_NAME),
});

/** Makes a table in the folder the current one, and removes the previous one. */
export async function flipFeatureTable(home: string, file: string, summary: TableSummary): Promise<void> {
  const { folder, pointer, file: pathOf } = featureTableLayout(home);
  const before = await readTablePointer(home).catch(() => undefined);
  await makeFolder(folder);
  await replaceFile(pointer, sealedJson({ format: 1, file, ...summary }));
  if (before !== undefined && before.file !== file) await removeWithChecksum(pathOf(before.file));
}

/**
 * The content of `table/current.json`.
 *
 * @returns undefined if no table was imported
 * @throws SNAPSHOT_CORRUPT if it cannot be read
 */
export async function readTablePointer(home: string) {
  try {
    return openSealedJson(await readFile(featureTableLayout(home).pointer, 'utf8'), pointerSchema);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw corrupt('table/current.json is damaged', cause);
  }
}

/** The summary of the current table without reading it; undefined if there is no readable one. */
export async function readTableSummary(home: string): Promise<TableSummary | undefined> {
  const pointer = await readTablePointer(home).catch(() => undefined);
  if (pointer === undefined) return undefined;
  const { format: _format, file: _file, ...summary } = pointer;
  return summary;
}

/** When the current table became so; undefined if there is none. */
export async function tableImportedAt(home: string): Promise<Date | undefined> {
  const found = await stat(featureTableLayout(home).pointer).catch(() => undefined);
  return found?.mtime;
}

/**
 * Reads the current table whole.
 *
 * @throws NO_DATA if none was imported, SNAPSHOT_CORRUPT if it cannot be read
 */
export async function readFeatureTable(home: string, signal?: AbortSignal): Promise<FeatureTable> {
  const { file: fileOf, folder } = featureTableLayout(home);
  const pointer = await readTablePointer(home);
  if (pointer === undefined) throw noTable();
  const { file, format: _, ...summary } = pointer;
  const state = await stateOfFile(fileOf(file), signal);
  if (state === 'missing') throw corrupt('its file is missing');
  if (state === 'damaged') throw corrupt('its file does not match its checksum');
  try {
    const instance = await openEngine(':memory:', { readOnly: false, spillIn: folder });
    try {
      return await withConnection(instance, signal, async (connection) => {
        const result = await connection.run(loadSql('duckdb/table/rows'), [fileOf(file)]);
        const table = await columnTableOf(result.columnNames(), await result.fetchAllChunks());
        return {
          summary,
          ids: table.text('id').map((id) => id ?? ''),
          labels: table.float32('label'),
          weights: summary.weight === undefined ? undefined : table.float32('weight'),
          values: summary.value === undefined ? undefined : table.float32('value'),
          cells: readCells(table, summary.columns),
        };
      });
    } finally {
      instance.closeSync();
    }
  } catch (cause) {
    if (cause instanceof ChurnMcpError || signal?.aborted) throw cause;
    throw corrupt('its file is damaged', cause);
  }
}

function noTable(): ChurnMcpError {
  return new ChurnMcpError('NO_DATA', 'No table of customers has been imported into this home folder yet.', {
    hint: 'Import one: in chat with import_data and its argument features, at a terminal with churn-mcp import --features FILE --id COLUMN --target COLUMN',
  });
}

function corrupt(what: string, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('SNAPSHOT_CORRUPT', `The imported table of customers cannot be read: ${what}.`, {
    hint: 'Import it again with: churn-mcp import --features FILE --id COLUMN --target COLUMN',
    cause,
  });
}
