import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { asidePath } from '../../files/aside.ts';
import { loadDuckDB } from './load-duckdb.ts';
import { quoteLiteral } from './sql-quoting.ts';

export type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from '@duckdb/node-api';

const GIGABYTE = 2 ** 30;

export interface EngineOptions {
  readonly readOnly: boolean;
  /** An existing folder into which sorts and joins spill beyond the memory limit. */
  readonly spillIn: string;
  /** As many as the machine has, unless given. */
  readonly threads?: number | undefined;
  /** Beyond it the engine spills; see `memoryLimitBytes` for the limit otherwise. */
  readonly mostMemoryBytes?: number | undefined;
}

/** Opens a database file (or `:memory:`). */
export async function openEngine(file: string, options: EngineOptions): Promise<DuckDBInstance> {
  return loadDuckDB().DuckDBInstance.create(file, {
    access_mode: options.readOnly ? 'READ_ONLY' : 'READ_WRITE',
    threads: String(options.threads ?? availableParallelism()),
    memory_limit: `${options.mostMemoryBytes ?? memoryLimitBytes()}B`,
    // Each process has its own folder: the engine names its files the same in every process, so two would overwrite each other.
    temp_directory: `${asidePath(options.spillIn)}.spill`,
    // All extensions we use are built in; a query must not download anything.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // The same version writes and reads, so the newest format is safe; it compresses text in half the time.
    storage_compatibility_version: 'latest',
    // Statements that need an order say so; without insertion order, big imports need less memory.
    preserve_insertion_order: 'false',
    // A reader needs no file but its snapshot.
    ...(options.readOnly ? { enable_external_access: 'false' } : {}),
  });
}

/**
 * At most half of the machine's memory, and so little that an import of tens of millions of lines stays below 4 GB: the
 * engine spills the memory that it counts, and uses about as much again that it does not count.
 */
function memoryLimitBytes(most = 2 * GIGABYTE): number {
  return Math.floor(Math.min(totalmem() / 2, most));
}

/** For work that spills in either case: a training on 41 million lines stays below 1.5 GB, and takes no longer than with 2 GB. */
export const sparingMemoryBytes = () => memoryLimitBytes(0.6 * GIGABYTE);

/**
 * Attaches a database file, new or a copy, that nobody else opens until it is complete. A build that is cut short is discarded, so its commits need
 * not survive: without a log, no statement waits for the disk. A checkpoint writes what lasts.
 */
export async function attachUnfinished(
  connection: DuckDBConnection,
  file: string,
  name: 'next' | 'staging' | 'whole',
): Promise<void> {
  await connection.run(`attach ${quoteLiteral(file)} as ${name} (recovery_mode no_wal_writes)`);
}

/** Runs `work` on its own connection; an abort interrupts the statement that runs on it. */
export async function withConnection<Result>(
  instance: DuckDBInstance,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await instance.connect();
  try {
    return await interruptible(connection, signal, () => work(connection));
  } finally {
    connection.closeSync();
  }
}

/** Runs `work` on a connection; an abort interrupts the statement that runs on it. */
export async function interruptible<Result>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}
