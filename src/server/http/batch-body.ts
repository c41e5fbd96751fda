import express, { type Request, type RequestHandler } from 'express';
import type { BatchPart } from '../../ingest/ingest-log.ts';
import type { RowKind } from '../../ingest/row-kinds.ts';

/** The bytes of the body, whatever its type; compressed ones count uncompressed. */
export function rawBody(limit: number): RequestHandler {
  return express.raw({ type: () => true, limit });
}

export function bodyOf(request: Request): Buffer {
  // Without a body, express leaves an empty object.
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** The rows of one kind as a part of a batch; nothing if there are none. */
export function partOf(kind: RowKind, lines: readonly string[]): BatchPart[] {
  if (lines.length === 0) return [];
  return [{ kind, rows: lines.length, lines: Buffer.from(`${lines.join('\n')}\n`) }];
}
