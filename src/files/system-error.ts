import { ChurnMcpError } from '../errors.ts';

/** The system's error code, such as `ENOENT`, of an error that a file operation threw; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a file operation failed because its path does not exist. */
export function isMissing(error: unknown): boolean {
  return errnoOf(error) === 'ENOENT';
}

/** What to call the system's errors that a person can mend. */
const STORAGE_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file would be larger than allowed',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** Completes "could not be written: …"; undefined for errors that are not about permissions, space or limits. */
export function storageReason(errno: string): string | undefined {
  return Object.hasOwn(STORAGE_REASONS, errno) ? STORAGE_REASONS[errno] : undefined;
}

/** An error of a file operation that a person can mend, as one that says how; any other error as it is. */
export function asStorageFault(error: unknown): unknown {
  const reason = storageReason(errnoOf(error) ?? '');
  if (reason === undefined) return error;
  return new ChurnMcpError('STORAGE', `A file could not be read or written: ${reason}.`, {
    hint: 'Correct the permissions of the home folder and of the folder of exports, or free space, and try again. churn-mcp doctor checks the home folder.',
    cause: error,
  });
}
