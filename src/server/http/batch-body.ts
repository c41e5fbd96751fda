import express, { type Request, type RequestHandler } from 'express';

/** The bytes of the body, whatever its type; compressed ones count uncompressed. */
export function rawBody(limit: number): RequestHandler {
  return express.raw({ type: () => true, limit });
}

export function bodyOf(request: Request): Buffer {
  // Without a body, express leaves an empty object.
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
