import { ChurnMcpError } from '../../errors.ts';
import { snapshotCorrupt } from '../snapshot-corrupt.ts';

/**
 * Turns an error of the engine into one of ours: DuckDB quotes statements, paths and values in its messages,
 * and a model may read them. The original stays in `cause` for the log.
 */
export function readError(error: unknown, signal?: AbortSignal): ChurnMcpError {
  if (error instanceof ChurnMcpError) return error;
  const text = messageOf(error);
  if (signal?.aborted || text.startsWith('INTERRUPT')) {
    return new ChurnMcpError('CANCELLED', 'The query was cancelled.', { cause: error });
  }
  if (isStorageError(text)) return storageError(error);
  if (/^(IO|Serialization|Corrupted|FATAL|Invalid) Error/i.test(text) && !/^Invalid Input/i.test(text)) {
    return snapshotCorrupt('The imported data cannot be read.', error);
  }
  return new ChurnMcpError('INTERNAL', 'A query over the imported data failed.', {
    hint: 'The log on stderr has the details; please report them.',
    cause: error,
  });
}

/** The same while writing: then the home folder is at fault, not the data. */
export function writeError(error: unknown, signal?: AbortSignal): ChurnMcpError {
  if (error instanceof ChurnMcpError) return error;
  const text = messageOf(error);
  if (signal?.aborted || text.startsWith('INTERRUPT')) {
    return new ChurnMcpError('CANCELLED', 'The work was cancelled. Nothing was changed.', { cause: error });
  }
  if (isStorageError(text) || /^(IO|FATAL|TransactionContext) Error/i.test(text) || isSystemError(error)) {
    return storageError(error);
  }
  return new ChurnMcpError('INTERNAL', 'The data could not be prepared.', {
    hint: 'The log on stderr has the details; please report them.',
    cause: error,
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function storageError(cause: unknown): ChurnMcpError {
  return new ChurnMcpError('STORAGE', 'The home folder cannot be written, or its disk or memory is full.', {
    hint: 'Free some space, or choose another folder with CHURN_MCP_HOME. The existing data is unchanged.',
    cause,
  });
}

export function isStorageError(text: string): boolean {
  return /no space left|disk quota|disk full|could not write|failed to offload|read-only file system|permission denied|out of memory error|file too large/i.test(
    text,
  );
}

function isSystemError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^E[A-Z]+$/.test(error.code)
  );
}
