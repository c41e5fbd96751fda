import { ChurnMcpError } from '../../errors.ts';

/** Numbers of the driver and of the warehouse, by what they mean for whoever asked. */
const LOGIN_REFUSED =
  /^(3901(?!11$|12$|14$|04$)\d\d|3902\d\d|3903\d\d|394\d{3}|395\d{3}|40400\d|404\d{3}|405502)$/;
const SESSION_ENDED = /^(390111|390112|390114|390104|40750[12]|40700[12]|405503|406502)$/;
const NOT_THERE =
  /^(002003|002043|003001|000606|090105|090106|000904|002003|3001|2003|2043|606|904|90105|90106)$/;
const CANCELLED = /^0*604$/;
const TIMED_OUT = /^0*(630|631)$/;
const UNREACHABLE = /^(401\d{3}|402\d{3})$/;

/** Whether the session that a statement ran in is no more, so that another has to be opened. */
export function isSessionEnded(error: unknown): boolean {
  return SESSION_ENDED.test(codeOf(error));
}

export function timeoutError(seconds: number): ChurnMcpError {
  return new ChurnMcpError('SNOWFLAKE_TIMEOUT', `Snowflake did not answer within ${seconds} seconds.`, {
    hint: 'Ask for less, use a larger warehouse, or allow more with CHURN_MCP_SNOWFLAKE_TIMEOUT_S.',
  });
}

export function unreachable(cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('SNOWFLAKE_UNREACHABLE', 'Snowflake cannot be reached, or its answer broke off.', {
    hint: 'Nothing was changed. Try again; if it stays so, check the account and the network.',
    cause,
  });
}

/** What went wrong at login. What the warehouse says may name users and hosts: it stays in `cause` for the log. */
export function loginError(error: unknown): ChurnMcpError {
  if (error instanceof ChurnMcpError) return error;
  if (UNREACHABLE.test(codeOf(error))) return unreachable(error);
  return new ChurnMcpError('SNOWFLAKE_LOGIN', 'Snowflake refused the login.', {
    hint: 'Check account, user and the key, token or password of the connection; a token may have expired.',
    cause: error,
  });
}

/** What went wrong with a statement, without its own words: they quote statements and values, and a model may read ours. */
export function queryError(error: unknown, timeoutS: number, signal?: AbortSignal): ChurnMcpError {
  if (error instanceof ChurnMcpError) return error;
  const code = codeOf(error);
  if (signal?.aborted) return new ChurnMcpError('CANCELLED', 'The query was cancelled.', { cause: error });
  if (TIMED_OUT.test(code)) return timeoutError(timeoutS);
  if (CANCELLED.test(code)) {
    return new ChurnMcpError('CANCELLED', 'The query was cancelled in Snowflake.', { cause: error });
  }
  if (SESSION_ENDED.test(code) || UNREACHABLE.test(code)) return unreachable(error);
  if (LOGIN_REFUSED.test(code)) return loginError(error);
  if (NOT_THERE.test(code)) {
    return new ChurnMcpError(
      'SNOWFLAKE_ACCESS',
      'A table, a column or the warehouse is missing, or not for this role.',
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

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}
