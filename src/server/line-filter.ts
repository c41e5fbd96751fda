/**
 * Lines that are no messages, refused before the SDK sees them: it would log them and answer nothing, so that a client
 * waits for an answer that never comes, and a line too long would end the connection without a word.
 */
import { type Readable, Transform, type Writable } from 'node:stream';
import { ErrorCode, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const MOST_BYTES = 4_194_304;
const NEWLINE = 0x0a;

interface Refusal {
  readonly id?: string | number;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** Messages go through, one a line; what is none is answered on `stdout`. */
export function filterLines(stdin: Readable, stdout: Writable): Readable {
  const line = new Line();
  const filter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let rest = chunk;
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        line.add(rest.subarray(0, end));
        take(line.end());
        rest = rest.subarray(end + 1);
      }
      line.add(rest);
      done();
    },
  });
  const take = (text: string | undefined) => {
    const judged = judge(text);
    if (judged === 'message') filter.push(`${text}\n`);
    else if (judged !== 'nothing') stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...judged })}\n`);
  };
  return stdin.pipe(filter);
}

/** A line as it comes in, in pieces. */
class Line {
  #parts: Buffer[] = [];
  #bytes = 0;

  add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > MOST_BYTES) this.#parts = [];
    else this.#parts.push(part);
  }

  /** The whole of it, or undefined where it is too long; the next one begins. */
  end(): string | undefined {
    const text = this.#bytes > MOST_BYTES ? undefined : Buffer.concat(this.#parts).toString('utf8').trim();
    this.#parts = [];
    this.#bytes = 0;
    return text;
  }
}

const withIdSchema = z.looseObject({ id: z.union([z.string(), z.number()]) });

function judge(line: string | undefined): 'message' | 'nothing' | Refusal {
  if (line === undefined) return refusal(ErrorCode.InvalidRequest, 'A message has at most 4 MB.');
  if (line === '') return 'nothing';
  const message = parseJson(line);
  if (message === undefined) return refusal(ErrorCode.ParseError, 'A line is one JSON-RPC message in JSON.');
  if (JSONRPCMessageSchema.safeParse(message).success) return 'message';
  // Nobody waits for an answer to an answer.
  if (isResponse(message)) return 'nothing';
  if (Array.isArray(message)) {
    return refusal(ErrorCode.InvalidRequest, 'Batches are not taken: a line is one message.');
  }
  const { id } = withIdSchema.safeParse(message).data ?? {};
  return {
    ...(id !== undefined && { id }),
    ...refusal(ErrorCode.InvalidRequest, 'This is no JSON-RPC 2.0 message.'),
  };
}

function isResponse(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    !Array.isArray(message) &&
    !('method' in message) &&
    ('result' in message || 'error' in message)
  );
}

function refusal(code: ErrorCode, message: string): Refusal {
  return { error: { code, message } };
}

/** Undefined is no value of JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
