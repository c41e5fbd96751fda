import { ChurnMcpError } from '../errors.ts';
import { appendOnce } from './alert-file.ts';
import { type Destination, nameOf } from './alert-rules.ts';
import type { Alert, AlertState, Delivery } from './alert-state.ts';
import { sendWebhook, signedRequest } from './signed-webhook.ts';

export interface DeliveryOptions {
  readonly destinations: readonly Destination[];
  /** What webhooks are signed with; they need one. */
  readonly secret: string | undefined;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  /** Writes a line for people. */
  readonly say: (alert: Alert) => void;
  readonly onProblem: (problem: string, delivery: Delivery) => void;
  /** Keeps the state; what is not kept is delivered again. */
  readonly keep: (state: AlertState) => Promise<void>;
  /** Tries also what failed a moment ago. */
  readonly triesAll?: boolean | undefined;
}

const SHORTEST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 3_600_000;
/** What could not be delivered for so long, and so often, is given up: a clock that was set is no reason alone. */
const GIVEN_UP_AFTER_MS = 3 * 86_400_000;
const GIVEN_UP_AFTER_ATTEMPTS = 5;

/**
 * Delivers what waits, one by one, and keeps the state after each: if the process is killed, at most one alert goes to one
 * destination again. A file does not take it twice; a webhook gets the same id again.
 *
 * @returns what still waits
 */
export async function deliver(state: AlertState, options: DeliveryOptions): Promise<AlertState> {
  let current = state;
  for (const delivery of state.outbox) {
    if (options.signal?.aborted) break;
    if (options.triesAll !== true && !isDue(delivery, options.now())) continue;
    const next = await tryOnce(delivery, options);
    if (options.signal?.aborted && next !== undefined) break;
    const outbox = current.outbox.flatMap((each) => (each === delivery ? (next ?? []) : each));
    current = { ...current, outbox };
    await options.keep(current);
  }
  return current;
}

/** A time that is further ahead than anybody waits was written before the clock was set back. */
function isDue({ next_at }: Delivery, now: Date): boolean {
  const wait = Date.parse(next_at) - now.getTime();
  return wait <= 0 || wait > LONGEST_WAIT_MS;
}

/** Undefined once it is delivered or given up. */
async function tryOnce(delivery: Delivery, options: DeliveryOptions): Promise<Delivery | undefined> {
  const { alert, to } = delivery;
  const destination = options.destinations.find((each) => nameOf(each) === to);
  if (destination === undefined) {
    options.onProblem(
      'the destination is no longer among those of the rules, so the alert is given up',
      delivery,
    );
    return undefined;
  }
  try {
    await send(alert, destination, options);
    return undefined;
  } catch (error) {
    const now = options.now().getTime();
    const why = causeOf(error);
    const isOld = Math.abs(now - Date.parse(alert.at)) > GIVEN_UP_AFTER_MS;
    if (isOld && delivery.attempts + 1 >= GIVEN_UP_AFTER_ATTEMPTS) {
      options.onProblem(`${why}; the alert is given up after three days`, delivery);
      return undefined;
    }
    options.onProblem(why, delivery);
    const wait = Math.min(SHORTEST_WAIT_MS * 2 ** delivery.attempts, LONGEST_WAIT_MS);
    return { ...delivery, attempts: delivery.attempts + 1, next_at: new Date(now + wait).toISOString() };
  }
}

async function send(alert: Alert, destination: Destination, options: DeliveryOptions): Promise<void> {
  if ('line' in destination) return options.say(alert);
  if ('file' in destination) return await appendOnce(destination.file, alert);
  // `requireSecret` was asked before.
  const request = signedRequest(alert, requireSecret(options.secret), options.now());
  await sendWebhook(destination.webhook, request, options.signal);
}

/** @throws INVALID_CONFIG */
export function requireSecret(secret: string | undefined): string {
  if (secret !== undefined) return secret;
  throw new ChurnMcpError(
    'INVALID_CONFIG',
    'Alerts go to a webhook, and there is no secret to sign them with.',
    {
      hint: 'Set CHURN_MCP_ALERTS_SECRET to 16 characters or more, such as from: openssl rand -hex 32',
    },
  );
}

/** fetch says only that it failed, and names the reason in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
