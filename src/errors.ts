/**
 * Every error that a user can cause or meet has a code. The message says what is wrong in one sentence, with no
 * path, SQL or stack in it (a model may read it); `hint` says what to do next; `cause` keeps the rest for the log.
 *
 * The exit code of the command line follows from the code: 1 the tool reported an error, 2 wrong usage,
 * 3 broken environment.
 */
export const ERROR_CODES = {
  INVALID_ARGUMENT: { exit: 1, meaning: 'A tool argument is missing, unknown or out of range.' },
  USAGE: { exit: 2, meaning: 'The command line was called with unknown flags, commands or values.' },
  INVALID_CONFIG: { exit: 2, meaning: 'A configuration key is unknown or its value cannot be used.' },
  NO_DATA: { exit: 1, meaning: 'No orders have been imported into this home folder yet.' },
  MISSING_TABLE: { exit: 1, meaning: 'The imported data lacks a table that the request needs.' },
  IMPORT_REFUSED: { exit: 1, meaning: 'A file cannot be imported as it is; nothing was changed.' },
  MODEL_REFUSED: { exit: 1, meaning: 'A model file cannot be imported as it is; nothing was changed.' },
  TOO_FEW_CUSTOMERS: { exit: 1, meaning: 'There are fewer customers than training needs.' },
  ONE_CLASS: { exit: 1, meaning: 'All customers have the same label, so there is nothing to learn.' },
  HORIZON_TOO_LONG: { exit: 1, meaning: 'The history is shorter than the windows the request needs.' },
  UNKNOWN_CUSTOMER: { exit: 1, meaning: 'No such customer in the imported data.' },
  UNKNOWN_SEGMENT: { exit: 1, meaning: 'No such customer segment.' },
  UNKNOWN_MODEL: { exit: 1, meaning: 'No such registered model, or it has no version yet.' },
  UNKNOWN_VERSION: { exit: 1, meaning: 'The registered model has no such version.' },
  MODEL_CORRUPT: {
    exit: 3,
    meaning: 'The bytes of a registered version are not those that were registered.',
  },
  SNAPSHOT_CORRUPT: { exit: 3, meaning: 'The imported data cannot be read.' },
  STORAGE: { exit: 3, meaning: 'The home or output folder cannot be written (permissions, disk full).' },
  WORKER_LOST: { exit: 3, meaning: 'A training worker ended unexpectedly; nothing was registered.' },
  FORBIDDEN: { exit: 1, meaning: 'The caller was not granted what the call needs.' },
  TRAINING_BUSY: { exit: 1, meaning: 'Another training runs in the home folder.' },
  UNKNOWN_JOB: { exit: 1, meaning: "No such job: it is not this caller's, or its server has ended." },
  RESULT_TOO_LARGE: { exit: 1, meaning: 'The answer is longer than a client takes.' },
  SNOWFLAKE_LOGIN: { exit: 3, meaning: 'Snowflake refused the login.' },
  SNOWFLAKE_ACCESS: { exit: 3, meaning: 'The role cannot use a table, a column or the warehouse.' },
  SNOWFLAKE_UNREACHABLE: { exit: 3, meaning: 'Snowflake cannot be reached, or its answer broke off.' },
  SNOWFLAKE_DEPLOY: { exit: 1, meaning: 'Snowflake refused a statement of a deployment.' },
  SNOWFLAKE_TIMEOUT: { exit: 1, meaning: 'A query in Snowflake took longer than it may.' },
  RAY_UNREACHABLE: { exit: 3, meaning: 'No Ray cluster answers where one should.' },
  RAY_REFUSED: { exit: 3, meaning: 'The Ray cluster refused a request: no token, or not the right one.' },
  RAY_JOB_FAILED: { exit: 1, meaning: 'A training on Ray ended without a model; nothing was registered.' },
  RAY_JOB_LOST: {
    exit: 1,
    meaning: 'The Ray cluster lost a job with its head node; nothing was registered.',
  },
  CANCELLED: { exit: 1, meaning: 'The work was cancelled; nothing was changed.' },
  INTERNAL: { exit: 3, meaning: 'A fault of churn-mcp itself; the log on stderr has the details.' },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

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

  get exitCode(): 1 | 2 | 3 {
    return ERROR_CODES[this.code].exit;
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new ChurnMcpError('CANCELLED', 'The work was cancelled. Nothing was changed.');
  }
}
