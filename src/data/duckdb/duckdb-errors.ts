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
  if (isMemoryError(text)) return memoryError(error);
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
  if (isMemoryError(text)) return memoryError(error);
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
  return new ChurnMcpError('STORAGE', 'The home folder cannot be written, or its disk is full.', {
    hint: 'Free some space, or choose another folder with CHURN_MCP_HOME. The existing data is unchanged.',
    cause,
  });
}

/** The engine may use half of the machine's memory, and what it cannot spill must fit. */
function memoryError(cause: unknown): ChurnMcpError {
  return new ChurnMcpError('STORAGE', 'This machine has too little memory for this call.', {
    hint: 'End other programs, ask for less, or use a machine with more memory. The existing data is unchanged.',
    cause,
  });
}

/** The engine says that it is out of memory also if the disk is too full to spill to. */
function isMemoryError(text: string): boolean {
  return /out of memory error/i.test(text) && !/failed to offload|max_temp_directory_size/i.test(text);
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
