/** `POST /ingest`: rows of senders that hold a connection of their own, into the same log as `churn-mcp ingest`. */
import { createHash } from 'node:crypto';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import type { HttpConfig } from '../../http-config.ts';
import { BatchRows } from '../../ingest/batch-rows.ts';
import type { Stored } from '../../ingest/ingest-log.ts';
import { LineSplitter } from '../../ingest/line-splitter.ts';
import type { RejectedRow } from '../../ingest/rejects-file.ts';
import { ROW_KINDS } from '../../ingest/row-kinds.ts';
import { RowReader } from '../../ingest/row-reader.ts';
import { INGEST_SCOPE } from '../../mcp/tool.ts';
import { wrongValue } from '../../text/wrong-value.ts';
import { failureText } from '../failure.ts';
import type { ServerLog } from '../server-log.ts';
import { bodyOf, rawBody } from './batch-body.ts';
import type { HomeLog } from './home-log.ts';
import type { HttpLimits } from './http-limits.ts';
import { limitOpenRequests } from './open-requests.ts';
import { callerOf, limitRequests } from './rate-limits.ts';
import { takeWebhook, WEBHOOK_SYSTEMS } from './webhook-routes.ts';

/** Rows that an answer names; the file of rejects has all. */
const MOST_NAMED = 20;

const querySchema = z.strictObject({
  channel: z.string().min(1).max(200),
  offset_token: z
    .string({ error: ({ input }) => (input === undefined ? 'is missing: give a whole number' : undefined) })
    .regex(/^\d{1,15}$/, 'is no whole number of up to 15 digits')
    .transform(Number),
  kind: z.enum(ROW_KINDS).optional(),
});

/**
 * Takes a batch: NDJSON, or CSV by its content type. The answer comes once the rows are on the disk, and says which rows
 * were rejected and why. A batch whose token is not above the channel's is known, and not stored again.
 */
export function takeBatch(log: HomeLog): RequestHandler {
  return async (request, response) => {
    const { channel: name, offset_token: token, kind } = parsed(querySchema, request.query);
    const channel = channelOf(name, request);
    const format = request.is('text/csv') === false ? ('ndjson' as const) : ('csv' as const);
    const { rows, rejects } = rowsOf(bodyOf(request), new RowReader({ format, kind, map: {} }));
    const named = rejects.map(({ line, reason, content }) => ({ channel, offset: line, reason, content }));
    const stored = await log.store({ channel, token, parts: rows.toParts() }, named);
    response.json(answer({ name, token, rows: rows.count, rejects: named, stored }));
  };
}

/** Says how far a channel has come, for a sender that starts again. */
export function tellToken(log: HomeLog): RequestHandler {
  return async (request, response) => {
    const { channel } = parsed(querySchema.pick({ channel: true }), request.query);
    response.json({ channel, offset_token: (await log.tokenOf(channelOf(channel, request))) ?? null });
  };
}

/** Senders with other tokens cannot write into each other's channels. */
function channelOf(name: string, { auth }: Request): string {
  const sender = createHash('sha256')
    .update(auth?.clientId ?? '')
    .digest('hex')
    .slice(0, 12);
  return `http:${sender}:${name}`;
}

interface BodyRows {
  readonly rows: BatchRows;
  readonly rejects: readonly { line: number; reason: string; content: string }[];
}

function rowsOf(body: Buffer, reader: RowReader): BodyRows {
  const rows = new BatchRows();
  const rejects: { line: number; reason: string; content: string }[] = [];
  const splitter = new LineSplitter();
  let line = 0;
  for (const found of [...splitter.linesOf(body), ...splitter.end()]) {
    line++;
    const row = reader.read(found);
    if (row === undefined) continue;
    if ('reason' in row) rejects.push({ line, ...row });
    else rows.add(row.kind, row.line);
  }
  const open = reader.end();
  if (open !== undefined) rejects.push({ line, ...open });
  return { rows, rejects };
}

interface TakenBatch {
  readonly name: string;
  readonly token: number;
  readonly rows: number;
  readonly rejects: readonly RejectedRow[];
  readonly stored: Stored;
}

function answer({ name, token, rows, rejects, stored }: TakenBatch) {
  return {
    channel: name,
    offset_token: token,
    status: stored,
    rows: stored === 'known' ? 0 : rows,
    rejected: stored === 'known' ? 0 : rejects.length,
    rejects: rejects.slice(0, MOST_NAMED).map(({ offset, reason }) => ({ line: offset, reason })),
  };
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value, { error: wrongValue });
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  const name = path.length === 0 ? 'The query' : path.join('.');
  throw new ChurnMcpError('INVALID_ARGUMENT', `${name} of the address ${message}.`, {
    hint: 'Send rows to /ingest?channel=NAME&offset_token=NUMBER, with kind=orders unless each row has its kind.',
  });
}

export interface IngestRouteOptions {
  /** The checks of the origin and the token. */
  readonly checked: readonly RequestHandler[];
  readonly config: Pick<HttpConfig, 'webhookSecrets'>;
  readonly limits: HttpLimits;
  readonly log: ServerLog;
}

/** What lies below `/ingest`. Webhooks come first: they have no token, but a signature. */
export function ingestRoutes(homeLog: HomeLog, { checked, config, limits, log }: IngestRouteOptions): Router {
  const router = express.Router();
  router.use(limitRequests(limits.requestsPerMinute), limitOpenRequests(limits.openRequests, callerOf));
  const body = rawBody(limits.batch);
  for (const system of WEBHOOK_SYSTEMS) {
    const secret = config.webhookSecrets[system];
    if (secret !== undefined) router.post(`/${system}`, body, takeWebhook(system, secret, homeLog));
  }
  router.use(...checked, requireIngestScope);
  router.get('/', tellToken(homeLog));
  router.post('/', body, takeBatch(homeLog));
  router.use(ingestErrors(log));
  return router;
}

/** Refuses a token that may not write rows. */
export const requireIngestScope: RequestHandler = ({ auth }, response, next) => {
  if (auth === undefined || auth.scopes.includes(INGEST_SCOPE)) return next();
  response.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${INGEST_SCOPE}"`);
  response
    .status(403)
    .json({ error: { code: 'FORBIDDEN', message: `Rows need the scope ${INGEST_SCOPE}.` } });
};

const STATUSES: Partial<Record<ChurnMcpError['code'], number>> = {
  INVALID_ARGUMENT: 400,
  LOG_BUSY: 503,
  STORAGE: 503,
};
const RETRY_AFTER_S = 2;

/** Answers errors of these routes; those of their body go on to the server's own handler. */
export function ingestErrors(log: ServerLog) {
  return (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent || !(error instanceof ChurnMcpError)) return next(error);
    const status = STATUSES[error.code] ?? 500;
    if (status === 503) response.set('Retry-After', String(RETRY_AFTER_S));
    const message = status === 500 ? failureText(error, 'the rows', log) : error.message;
    const hint = status === 500 ? undefined : error.hint;
    response
      .status(status)
      .json({ error: { code: error.code, message, ...(hint !== undefined && { hint }) } });
  };
}
