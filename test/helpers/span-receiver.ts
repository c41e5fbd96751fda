import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parent: string;
  readonly name: string;
  readonly kind: number;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** A collector of OpenTelemetry on this machine (OTLP, http/protobuf) that keeps the spans it is sent. */
export async function startSpanReceiver(status = 200) {
  const spans: ReceivedSpan[] = [];
  let requests = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(Buffer.from(piece));
    const body = Buffer.concat(pieces);
    requests++;
    spans.push(...spansOf(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
    response.writeHead(request.url === '/v1/traces' ? status : 404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port.');
  return {
    spans,
    get requests() {
      return requests;
    },
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Request → resource → scope → span, by the numbers of the fields in OpenTelemetry's `trace.proto`. */
function spansOf(request: Uint8Array): ReceivedSpan[] {
  return nested(request, 1)
    .flatMap((resource) => nested(resource, 2))
    .flatMap((scope) => nested(scope, 2))
    .map((span) => {
      const text = (field: number) => Buffer.from(nested(span, field)[0] ?? []);
      const [status] = nested(span, 15);
      return {
        traceId: text(1).toString('hex'),
        id: text(2).toString('hex'),
        parent: text(4).toString('hex'),
        name: text(5).toString('utf8'),
        kind: number(span, 6) ?? 0,
        isError: status !== undefined && number(status, 3) === 2,
        attributes: Object.fromEntries(nested(span, 9).map(attributeOf)),
      };
    });
}

function attributeOf(pair: Uint8Array): [string, string | number] {
  const [value] = nested(pair, 2);
  const name = Buffer.from(nested(pair, 1)[0] ?? []).toString('utf8');
  const [text] = nested(value ?? new Uint8Array(), 1);
  return [
    name,
    text === undefined ? (number(value ?? new Uint8Array(), 3) ?? 0) : Buffer.from(text).toString('utf8'),
  ];
}

function nested(message: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted && type === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(type);
  }
  return found;
}

function number(message: Uint8Array, wanted: number): number | undefined {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted && type === WireType.Varint) return Number(reader.int64());
    reader.skip(type);
  }
  return undefined;
}
