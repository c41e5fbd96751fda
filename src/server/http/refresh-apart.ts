import type { ErrorCode } from '../../error-codes.ts';
import { ChurnMcpError } from '../../errors.ts';
import type { NoRefresh, RefreshReport } from '../../ingest/refresh.ts';
import { startBackground } from '../background-process.ts';

/** What the process says at its end. */
export type RefreshMessage =
  | { readonly outcome: RefreshReport | NoRefresh }
  | {
      readonly failed: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly hint: string | undefined;
      };
    };

/**
 * Folds the log into the data in a process of its own, which lets questions go first: its statements have threads and
 * memory of their own, and a lower priority.
 *
 * @throws as a refresh does
 */
export async function refreshApart(
  home: string,
  signal: AbortSignal | undefined,
): Promise<RefreshReport | NoRefresh> {
  const child = startBackground('refresh-process', { home });
  const stop = () => child.send('stop', () => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const said = await new Promise<RefreshMessage | undefined>((resolve, reject) => {
      let last: RefreshMessage | undefined;
      child.on('message', (message: RefreshMessage) => {
        last = message;
      });
      child.once('error', reject);
      child.once('close', () => resolve(last));
    });
    if (said === undefined) throw lost();
    if ('outcome' in said) return said.outcome;
    const { code, message, hint } = said.failed;
    throw new ChurnMcpError(code, message, hint === undefined ? {} : { hint });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function lost(): ChurnMcpError {
  return new ChurnMcpError(
    'WORKER_LOST',
    'The process that folds the log into the data ended before it was done.',
    {
      hint: 'No row is lost; the next refresh tries again. If that fails too, the machine may be short of memory.',
    },
  );
}
