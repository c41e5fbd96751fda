/** Reads one line of standard input: a message, or an error to answer at once. */
import { ErrorCode, type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { DEEPEST_JSON, isDeepJson } from '../text/json-depth.ts';
import { TOO_LONG } from './line-reader.ts';

export interface LineRefusal {
  /** The id of the request, if it has a readable one. */
  readonly id?: string | number;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

export type LineMessage =
  | { readonly kind: 'message'; readonly message: JSONRPCMessage }
  | { readonly kind: 'refusal'; readonly refusal: LineRefusal }
  /** The line needs no answer. */
  | { readonly kind: 'ignored' };

const IGNORED = { kind: 'ignored' } as const;

export function readLine(line: string | typeof TOO_LONG): LineMessage {
  if (line === TOO_LONG) return refuse(ErrorCode.InvalidRequest, 'The message is longer than 4 MB.');
  if (line === '') return IGNORED;
  const value = parseJson(line);
  if (value === undefined) {
    return refuse(ErrorCode.ParseError, 'The line is not JSON. Send one JSON-RPC message per line.');
  }
  const isDeep = isDeepJson(Buffer.from(line));
  const parsed = isDeep ? undefined : JSONRPCMessageSchema.safeParse(value);
  if (parsed?.success) return { kind: 'message', message: parsed.data };
  // A response needs no answer.
  if (isResponse(value)) return IGNORED;
  if (Array.isArray(value)) {
    return refuse(ErrorCode.InvalidRequest, 'Batches are not supported. Send one message per line.');
  }
  const what = isDeep ? `nested more than ${DEEPEST_JSON} levels deep` : 'not a JSON-RPC 2.0 message';
  return refuse(ErrorCode.InvalidRequest, `The line is ${what}.`, idOf(value));
}

function refuse(code: ErrorCode, message: string, id?: string | number): LineMessage {
  return { kind: 'refusal', refusal: { ...(id !== undefined && { id }), error: { code, message } } };
}

const withIdSchema = z.looseObject({ id: z.union([z.string(), z.number()]) });

function idOf(value: unknown): string | number | undefined {
  return withIdSchema.safeParse(value).data?.id;
}

function isResponse(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !('method' in value) &&
    ('result' in value || 'error' in value)
  );
}

/** Undefined if the line is not JSON; no JSON text means undefined. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
