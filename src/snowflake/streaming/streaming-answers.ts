/** What Snowpipe Streaming answers, and what that means. */
import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import { quoted } from '../../text/quoted.ts';

/** Codes after which a channel is opened again, and sending goes on from its committed offset token. */
const REOPEN_CODES: readonly string[] = [
  'STALE_CONTINUATION_TOKEN_SEQUENCER',
  'STALE_PIPE_CACHE',
  'ERR_CHANNEL_MUST_BE_REOPENED',
  'ERR_CHANNEL_MUST_BE_REOPENED_DUE_TO_ROW_SEQ_GAP',
  'ERR_CHANNEL_HAS_INVALID_ROW_SEQUENCER',
  'ERR_CHANNEL_HAS_INVALID_CLIENT_SEQUENCER',
  'ERR_CHANNEL_DOES_NOT_EXIST_OR_IS_NOT_AUTHORIZED',
];
const STILL_COMMITTING = 'ERR_CHANNEL_HAS_UNCOMMITTED_DATA';

const token = z.string().regex(/^\d{1,15}$/);
const statusSchema = z.object({
  channel_status_code: z.string().max(200),
  last_committed_offset_token: z.union([token, z.literal('')]).nullish(),
  rows_error_count: z.number().int().nonnegative().nullish(),
  last_error_message: z.string().nullish(),
  last_error_offset_token_upper_bound: z.string().nullish(),
});
export const openedSchema = z.object({ next_continuation_token: z.string(), channel_status: statusSchema });
export const appendedSchema = z.object({ next_continuation_token: z.string() });
export const statusesSchema = z.object({ channel_statuses: z.record(z.string(), statusSchema) });
const refusalSchema = z.object({ code: z.string().max(200), message: z.string() }).partial();

export interface ChannelStatus {
  /** Whether rows can be appended; otherwise it has to be opened again. */
  readonly isOpen: boolean;
  /** 0 if nothing was committed yet. */
  readonly committed: number;
  readonly errors: number;
  readonly lastError: string;
  /** The offset token of the request that held the latest wrong row, if it is known. */
  readonly lastErrorUpTo: number | undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** Whether the same request may succeed later. */
export function isPassing(answer: Answer): boolean {
  const { status } = answer;
  return status === 408 || status === 429 || status >= 500 || codeOf(answer) === STILL_COMMITTING;
}

/** Whether the channel has to be opened again before anything can be appended. */
export function asksToReopen(answer: Answer): boolean {
  return answer.status === 409 || REOPEN_CODES.includes(codeOf(answer));
}

function codeOf({ status, text }: Answer): string {
  if (status < 400) return '';
  return refusalSchema.safeParse(jsonOf(text)).data?.code ?? '';
}

/** @throws SNOWFLAKE_LOGIN, SNOWFLAKE_ACCESS or SNOWFLAKE_STREAMING if it is a refusal */
export function allowed(answer: Answer): Answer {
  if (answer.status < 300) return answer;
  const { code = '', message = '' } = refusalSchema.safeParse(jsonOf(answer.text)).data ?? {};
  const said = [code, message].filter((part) => part !== '').join(': ') || `status ${answer.status}`;
  if (answer.status === 401) {
    throw new ChurnMcpError(
      'SNOWFLAKE_LOGIN',
      `Snowpipe Streaming refused the login: ${quoted(said, 300)}.`,
      {
        hint: 'Check account, user and key; docs/snowflake.md has the ways to log in.',
      },
    );
  }
  if (answer.status === 403 || answer.status === 404) {
    throw new ChurnMcpError('SNOWFLAKE_ACCESS', `Snowpipe Streaming refused: ${quoted(said, 300)}.`, {
      hint: "Check the tables' names, and that the user's default role may insert into them.",
    });
  }
  throw new ChurnMcpError('SNOWFLAKE_STREAMING', `Snowpipe Streaming refused rows: ${quoted(said, 300)}.`, {
    hint: 'Correct what the message says and send the same rows again: what was stored is known.',
  });
}

export function parsed<Schema extends z.ZodType>(answer: Answer, schema: Schema): z.output<Schema> {
  const { data } = schema.safeParse(jsonOf(allowed(answer).text));
  if (data !== undefined) return data;
  throw new ChurnMcpError('SNOWFLAKE_STREAMING', 'Snowpipe Streaming gave an answer of another form.', {
    hint: 'Send the same rows again. If it stays so, use a newer version of churn-mcp.',
  });
}

/** The service gives some answers as JSON or as plain text, by its version. */
export function fieldOf(answer: Answer, field: 'hostname' | 'token'): string {
  const json = z.record(z.string(), z.unknown()).safeParse(jsonOf(answer.text)).data;
  const value = json === undefined ? answer.text.trim().replaceAll('"', '') : json[field];
  const form = field === 'hostname' ? /^[\w.-]+(?::\d+)?$/ : /^[\x21-\x7e]+$/;
  if (typeof value === 'string' && form.test(value)) return value;
  throw new ChurnMcpError('SNOWFLAKE_STREAMING', `Snowpipe Streaming gave no ${field}.`, {
    hint: 'Check that the account has Snowpipe Streaming.',
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function statusOf(status: z.output<typeof statusSchema>): ChannelStatus {
  const upTo = token.safeParse(status.last_error_offset_token_upper_bound).data;
  return {
    isOpen: !status.channel_status_code.startsWith('ERR_'),
    committed: Number(status.last_committed_offset_token ?? 0),
    errors: status.rows_error_count ?? 0,
    lastError: status.last_error_message ?? '',
    lastErrorUpTo: upTo === undefined ? undefined : Number(upTo),
  };
}
