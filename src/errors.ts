import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

/**
 * The message says in one sentence what is wrong, without path, SQL or stack, because a model may read it. `hint` says what
 * to do next. `cause` keeps the original error for the log.
 */
export class ChurnMcpError extends Error {
  override readonly name = 'ChurnMcpError';
  readonly code: ErrorCode;
  /** What to do next, as a full sentence. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  /** What is wrong and what to do, for a person who reads one line. */
  get sentences(): string {
    return this.hint === undefined ? this.message : `${this.message} ${this.hint}`;
  }

  get exitCode(): 1 | 2 | 3 {
    return ERROR_CODES[this.code].exit;
  }
}

/** The code by which an error is told; INTERNAL for one that nobody foresaw. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof ChurnMcpError ? error.code : 'INTERNAL';
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new ChurnMcpError('CANCELLED', 'The work was cancelled. Nothing was changed.');
  }
}
