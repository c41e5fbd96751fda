/** Reads one line of standard input: a message, or an error to answer at once. */
import { z } from 'zod';
import { DEEPEST_JSON, isDeepJson } from '../text/json-depth.ts';
import { TOO_LONG } from './line-reader.ts';
import { RPC_CODES, type RpcCode } from './request-error.ts';
import { metaSchema } from './request-schemas.ts';

const idSchema = z.union([z.string(), z.int()]);
const versionSchema = z.literal('2.0');
const partsSchema = z.looseObject({ _meta: metaSchema.optional() });
const notificationSchema = z.strictObject({
  jsonrpc: versionSchema,
  method: z.string(),
  params: partsSchema.optional(),
});
const requestSchema = notificationSchema.extend({ id: idSchema });
const resultSchema = z.strictObject({ jsonrpc: versionSchema, id: idSchema, result: partsSchema });
const errorSchema = z.strictObject({
  jsonrpc: versionSchema,
  id: idSchema.optional(),
  error: z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() }),
});
const messageSchema = z.union([requestSchema, notificationSchema, resultSchema, errorSchema]);

/** A message of JSON-RPC 2.0, of any revision of the protocol. */
export type Message = z.output<typeof messageSchema>;

export interface LineRefusal {
  /** The id of the request, if it has a readable one. */
  readonly id?: string | number;
  readonly error: { readonly code: RpcCode; readonly message: string };
}

export type LineMessage =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'refusal'; readonly refusal: LineRefusal }
  /** The line needs no answer. */
  | { readonly kind: 'ignored' };

const IGNORED = { kind: 'ignored' } as const;

export function readLine(line: string | typeof TOO_LONG): LineMessage {
  if (line === TOO_LONG) return refuse(RPC_CODES.invalid, 'The message is longer than 4 MB.');
  if (line === '') return IGNORED;
  const value = parseJson(line);
  if (value === undefined) {
    return refuse(RPC_CODES.parse, 'The line is not JSON. Send one JSON-RPC message per line.');
  }
  const isDeep = isDeepJson(Buffer.from(line));
  const parsed = isDeep ? undefined : messageSchema.safeParse(value);
  if (parsed?.success) return { kind: 'message', message: parsed.data };
  // A response needs no answer.
  if (isResponse(value)) return IGNORED;
  if (Array.isArray(value)) {
    return refuse(RPC_CODES.invalid, 'Batches are not supported. Send one message per line.');
  }
  const what = isDeep ? `nested more than ${DEEPEST_JSON} levels deep` : 'not a JSON-RPC 2.0 message';
  return refuse(RPC_CODES.invalid, `The line is ${what}.`, idOf(value));
}

function refuse(code: RpcCode, message: string, id?: string | number): LineMessage {
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
