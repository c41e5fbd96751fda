import { randomUUID } from 'node:crypto';
import { ChurnMcpError, codeOf } from '../errors.ts';
import { asStorageFault } from '../files/system-error.ts';
import type { ServerLog } from './server-log.ts';

/**
 * What a client is told about an error. For an error that a user can mend: the message and the hint. For an internal
 * fault: only a reference to the log.
 */
export function failureText(
  thrown: unknown,
  what: string,
  log: ServerLog,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const error = asStorageFault(thrown);
  if (error instanceof ChurnMcpError && error.code !== 'INTERNAL') {
    log.info(`${what} refused`, { code: error.code, ...fields, cause: causeOf(error) });
    return error.sentences;
  }
  const reference = randomUUID().slice(0, 8);
  log.error(`${what} failed`, { code: 'INTERNAL', reference, ...fields, cause: causeOf(error) });
  return `INTERNAL: ${what} failed inside churn-mcp. The server's log has the details under reference ${reference}.`;
}

/** The same for a person who ran a command: they read the message, and the log has the cause. */
export function logFailure(error: unknown, log: ServerLog): void {
  if (!(error instanceof ChurnMcpError)) return;
  const fields = { code: error.code, cause: causeOf(error) };
  if (error.code === 'INTERNAL') log.error('failed', fields);
  else log.info('refused', fields);
}

/** What the log says of a failure of background work, which has no caller to tell. */
export function failureFields(error: unknown): { readonly code: string; readonly cause: string } {
  return { code: codeOf(error), cause: error instanceof Error ? error.message : String(error) };
}

/** The whole chain of causes, only for the log. */
function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : String(error);
  const cause = causeOf(error.cause);
  return `${error.stack ?? error.message}${cause === undefined ? '' : `\ncaused by: ${cause}`}`;
}
