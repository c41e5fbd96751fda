import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBResultReader } from '@duckdb/node-api';
import { Refusal } from './snowflake-sessions.ts';

const TRANSFER = /^\s*(?:put\s+'file:\/\/([^']*)'\s+@([^\s]+)|get\s+@([^\s]+)\s+'file:\/\/([^']*)')(.*)$/is;

const UNLOAD = /^(?:\s*--[^\n]*\n)*\s*copy\s+into\s+@(\S+)\s+from\s+(\w+)\s.*$/is;

/** Files on stages, in a folder of the machine: the driver itself moves them, as it does in the maker's own tests. */
export class SnowflakeStages {
  readonly root = mkdtempSync(join(tmpdir(), 'churn-mcp-stages-'));

  /** What a test does to the files of a folder before they are fetched. */
  spoil: ((folder: string) => void) | undefined;

  /** What the driver is told about a PUT or GET; undefined for other statements. */
  transfer(sqlText: string, hasStage: (name: string) => boolean): object | undefined {
    const [, source, target, from, folder, options = ''] = TRANSFER.exec(sqlText) ?? [];
    const named = target ?? from;
    if (named === undefined) return undefined;
    const [stage, ...path] = named.split('/').map((part) => part.replaceAll('"', ''));
    if (stage !== '~' && !hasStage(stage.toUpperCase())) {
      throw new Refusal(
        '002003',
        `SQL compilation error:\nStage '${stage}' does not exist or not authorized.`,
      );
    }
    const location = join(this.root, stage, ...path);
    const stageInfo = { locationType: 'LOCAL_FS', location, path: '', region: '', creds: {} };
    const common = {
      stageInfo,
      parallel: 1,
      overwrite: /overwrite\s*=\s*true/i.test(options),
      encryptionMaterial: null,
    };
    if (source !== undefined) {
      const autoCompress = !/auto_compress\s*=\s*false/i.test(options);
      return {
        ...common,
        command: 'UPLOAD',
        src_locations: [source],
        autoCompress,
        sourceCompression: 'auto_detect',
      };
    }
    this.spoil?.(location);
    return { ...common, command: 'DOWNLOAD', src_locations: filesIn(location), localLocation: folder };
  }

  /** An unload for DuckDB: several small files, their rows in no order, names in upper case as the warehouse's are. */
  unload(sqlText: string): string {
    return sqlText.replace(UNLOAD, (_, stage: string, table: string) => {
      const folder = join(this.root, ...stage.split('/'));
      mkdirSync(join(folder, '..'), { recursive: true });
      return `copy (from ${table} order by random()) to '${folder}' (format parquet, file_size_bytes '1MB')`;
    });
  }

  /** How many rows a statement has unloaded; of none there is no file. Undefined for other statements. */
  unloaded(sqlText: string, result: DuckDBResultReader): string | undefined {
    const [, stage] = UNLOAD.exec(sqlText) ?? [];
    if (stage === undefined) return undefined;
    const count = String(result.getRows()[0]?.[0] ?? 0);
    if (count === '0') rmSync(join(this.root, ...stage.split('/')), { recursive: true, force: true });
    return count;
  }

  /** Whether it was a statement that takes files away. */
  remove(sqlText: string): boolean {
    const [, stage] = /^\s*remove\s+@(\S+)/i.exec(sqlText) ?? [];
    if (stage !== undefined) rmSync(join(this.root, ...stage.split('/')), { recursive: true, force: true });
    return stage !== undefined;
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
