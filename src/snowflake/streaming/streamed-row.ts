import { KINDS, type RowKind } from '../../ingest/row-kinds.ts';
import type { GoodRow } from '../../ingest/row-reader.ts';

/** A row as its table takes it, or why no table can. */
export type StreamedRow = { readonly line: string } | { readonly reason: string };

const INSERTS_ONLY = 'Snowflake takes new rows only';

/**
 * Snowpipe Streaming inserts rows and changes none. So what would change an earlier row is refused here, because in the table it
 * would be a row of its own.
 */
export function streamedRow({ kind, line }: GoodRow): StreamedRow {
  const row: Readonly<Record<string, unknown>> = JSON.parse(line);
  const reason = reasonAgainst(kind, row);
  if (reason !== undefined) return { reason };
  const kept = Object.keys(KINDS[kind].fields).flatMap((field): [string, unknown][] => {
    const value = row[field];
    return value === undefined || value === null || value === '' ? [] : [[field.toUpperCase(), value]];
  });
  return { line: JSON.stringify(Object.fromEntries(kept)) };
}

function reasonAgainst(kind: RowKind, row: Readonly<Record<string, unknown>>): string | undefined {
  if (kind === 'returns') return `${INSERTS_ONLY}: it has no table for returns`;
  if (kind !== 'orders') return undefined;
  const missing = ['customer_id', 'order_date'].find((field) => (row[field] ?? '') === '');
  return missing === undefined
    ? undefined
    : `${INSERTS_ONLY}: a cancellation without ${missing} changes an order, so change it there with SQL`;
}
