import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { asidePath } from '../../files/aside.ts';

export type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

const GIGABYTE = 2 ** 30;

export interface EngineOptions {
  readonly readOnly: boolean;
  /** A folder that is there, in which sorts and joins that exceed the memory limit spill. */
  readonly spillIn: string;
}

/**
 * Opens a database file (or `:memory:`). The native module is loaded at the first call, so that commands that
 * touch no data start without it.
 */
export async function openEngine(file: string, options: EngineOptions): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  return DuckDBInstance.create(file, {
    access_mode: options.readOnly ? 'READ_ONLY' : 'READ_WRITE',
    threads: String(availableParallelism()),
    memory_limit: `${memoryLimitBytes()}B`,
    // A folder of its own: the engine's names in it tell no processes apart, and two would overwrite each other's.
    temp_directory: `${asidePath(options.spillIn)}.spill`,
    // All we use is linked in; nothing may be fetched from the network in the middle of a query.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // What writes here and what reads it is one version; the newest format compresses text in half the time.
    storage_compatibility_version: 'latest',
    // Every statement that needs an order says so, and big imports need less memory this way.
    preserve_insertion_order: 'false',
    // A reader has no business with any file but its snapshot.
    ...(options.readOnly ? { enable_external_access: 'false' } : {}),
  });
}

/**
 * At most half of the machine, and so much that an import of tens of millions of lines stays below 4 GB: the engine
 * spills to disk what it keeps count of, and takes about as much again for what it does not.
 */
function memoryLimitBytes(): number {
  return Math.floor(Math.min(totalmem() / 2, 2 * GIGABYTE));
}

/** Runs `work` on a connection of its own; an abort interrupts the statement that runs on it. */
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
