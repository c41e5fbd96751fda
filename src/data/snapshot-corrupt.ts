import { ChurnMcpError } from '../errors.ts';

/** @param message what is damaged, as a sentence. @returns the error, whose hint is the same for all damage to the data */
export function snapshotCorrupt(message: string, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('SNAPSHOT_CORRUPT', message, {
    hint: 'Go back to the last good data with: churn-mcp doctor --repair, or import the orders again with: churn-mcp import --orders FILE',
    cause,
  });
}
