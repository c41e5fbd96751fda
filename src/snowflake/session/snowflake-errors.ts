import { ChurnMcpError } from '../../errors.ts';

/** Codes of Snowflake (six-digit texts) and of the driver (numbers), by their meaning. */
const SESSION_ENDED = new Set(['390104', '390111', '390112', '390114', '405503', '407001', '407002']);
/** An object or a warehouse is missing or not allowed for this role; no current database or schema. */
const NOT_THERE = new Set(['000606', '002003', '002043', '003001', '090105', '090106']);
const NO_COLUMN = '000904';
/** The history of a table does not go back to the moment asked for. */
const PAST_LOST = '000707';
const CANCELLED = '000604';
const TIMED_OUT = new Set(['000630', '000631']);
/** All codes of the driver about the network (401…) and chunks (402…). */
const UNREACHABLE = /^40[12]\d{3}$/;
/** Codes of Snowflake about logins, keys and tokens. Others that begin with 39 are about what a role may do. */
const LOGIN_REFUSED = /^39[045]\d{3}$/;

/** Whether the session that a statement ran in has ended, so that another has to be opened. */
export function isSessionEnded(error: unknown): boolean {
  return error instanceof ChurnMcpError && SESSION_ENDED.has(codeOf(error.cause));
}

/** Whether a table has no history of the moment that was seen, because it was made anew or keeps none. */
export function isPastLost(error: unknown): boolean {
  return error instanceof ChurnMcpError && codeOf(error.cause) === PAST_LOST;
}

/** Whether Snowflake would not run a statement, of which another may do the work. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof ChurnMcpError) || isSessionEnded(error) || isPastLost(error)) return false;
  return error.code === 'SNOWFLAKE_ACCESS' || error.code === 'INTERNAL';
}

export function timeoutError(seconds: number): ChurnMcpError {
  return new ChurnMcpError('SNOWFLAKE_TIMEOUT', `Snowflake did not answer within ${seconds} seconds.`, {
    hint: 'Ask for less, use a larger warehouse, or allow more with CHURN_MCP_SNOWFLAKE_TIMEOUT_S.',
  });
}

export function unreachable(cause?: unknown): ChurnMcpError {
  return new ChurnMcpError(
    'SNOWFLAKE_UNREACHABLE',
    'Snowflake cannot be reached, or its answer was interrupted.',
    {
      hint: 'Nothing was changed. Try again. If it happens again, check the account and the network.',
      cause,
    },
  );
}

/** The error of a login. Snowflake's message may name users and hosts, so it stays in `cause` for the log. */
export function loginError(error: unknown): ChurnMcpError {
  if (error instanceof ChurnMcpError) return error;
  if (UNREACHABLE.test(codeOf(error))) return unreachable(error);
  return new ChurnMcpError('SNOWFLAKE_LOGIN', 'Snowflake refused the login.', {
    hint: 'Check the account, the user, and the key, token or password of the connection. A token may have expired.',
    cause: error,
  });
}

/** The error of a statement, without Snowflake's message, which quotes statements and values that a model must not read. */
export function queryError(error: unknown, timeoutS: number, signal?: AbortSignal): ChurnMcpError {
  if (error instanceof ChurnMcpError) return error;
  const code = codeOf(error);
  if (signal?.aborted) return new ChurnMcpError('CANCELLED', 'The query was cancelled.', { cause: error });
  if (TIMED_OUT.has(code)) return timeoutError(timeoutS);
  if (code === CANCELLED) {
    return new ChurnMcpError('CANCELLED', 'The query was cancelled in Snowflake.', { cause: error });
  }
  if (SESSION_ENDED.has(code) || UNREACHABLE.test(code)) return unreachable(error);
  if (LOGIN_REFUSED.test(code)) return loginError(error);
  if (code === NO_COLUMN) {
    return new ChurnMcpError('SNOWFLAKE_ACCESS', `A table of the shop has no column${columnIn(error)}.`, {
      hint: 'Rename the column, or read the table through a view with that column.',
      cause: error,
    });
  }
  if (code === PAST_LOST) {
    return new ChurnMcpError('SNOWFLAKE_ACCESS', 'A table was made anew while it was read.', {
      hint: 'Ask again. If it happens at every call, the tables keep no history: set CHURN_MCP_SNOWFLAKE_TIME_TRAVEL=false.',
      cause: error,
    });
  }
  if (NOT_THERE.has(code)) {
    return new ChurnMcpError(
      'SNOWFLAKE_ACCESS',
      'A table or the warehouse is missing, or the role may not use it.',
      {
        hint: 'Check CHURN_MCP_SNOWFLAKE_DATABASE and the names of the tables, and that the role may use them and a warehouse.',
        cause: error,
      },
    );
  }
  return new ChurnMcpError('INTERNAL', 'A query in Snowflake failed.', {
    hint: 'The log on stderr has the details; please report them.',
    cause: error,
  });
}

/** Only the name: the rest of the message contains the statement. */
function columnIn(error: unknown): string {
  const [, name] =
    error instanceof Error ? (/invalid identifier '([A-Z_.]{1,100})'/.exec(error.message) ?? []) : [];
  return name === undefined ? '' : ` ${name.replace(/^.*\./, '')}`;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}
