import { ChurnMcpError } from '../errors.ts';

/** A failure names the fix; a note needs none. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'failed';
  readonly text: string;
}

/** What a check that failed says. Data that was never imported needs no repair. */
export function failure(error: unknown): Finding {
  if (!(error instanceof ChurnMcpError)) {
    const what = error instanceof Error ? error.message : String(error);
    return { state: 'failed', text: `${what}. This is a fault of churn-mcp: please report it.` };
  }
  return { state: error.code === 'NO_DATA' ? 'note' : 'failed', text: error.sentences };
}
