import { readAlertRules } from '../alerts/alert-rules.ts';
import { type AlertReport, checkAlerts } from '../alerts/check-alerts.ts';
import type { DeliveryOptions } from '../alerts/deliver.ts';
import type { Figures } from '../alerts/read-figures.ts';
import { sharedCall } from '../shared-call.ts';
import { failureFields } from './failure.ts';
import { NO_JOBS } from './no-jobs.ts';
import type { ServerLog } from './server-log.ts';
import type { Services } from './services.ts';

export interface AlertWatchOptions extends Pick<DeliveryOptions, 'secret' | 'say'> {
  readonly services: Pick<Services, 'home' | 'context'>;
  /** Read again at each check, so a change needs no restart. */
  readonly rulesFile: string;
  readonly log: ServerLog;
  readonly now?: () => Date;
}

/** What this process has seen of alerts, for metrics. */
export interface AlertCounts {
  /** By the name of the rule. */
  readonly fired: Map<string, number>;
  /** Attempts, by the kind of the destination. */
  readonly failedDeliveries: Map<string, number>;
  waiting: number;
}

/** What waited for a receiver when the last process ended is delivered soon after a start. */
const FIRST_DELIVERY_MS = 2000;
const SHORTEST_SLEEP_MS = 1000;
const LONGEST_SLEEP_MS = 3_600_000;

/** Checks the rules of alerts whenever the data or a model has changed, and delivers again what could not be delivered. */
export class AlertWatch implements AsyncDisposable {
  readonly #options: AlertWatchOptions;
  readonly counts: AlertCounts = { fired: new Map(), failedDeliveries: new Map(), waiting: 0 };
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  /** Those who ask while a check runs share the next one. */
  readonly #checkOnce = sharedCall(() => this.#inTurn({ onlyDelivers: false }));

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    this.#plan(FIRST_DELIVERY_MS);
  }

  /** Never throws: what goes wrong is logged. */
  readonly check = (): Promise<void> => this.#checkOnce();

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#work;
  }

  #plan(inMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted) return;
    const sleep = Math.min(Math.max(inMs, SHORTEST_SLEEP_MS), LONGEST_SLEEP_MS);
    this.#timer = setTimeout(() => void this.#inTurn({ onlyDelivers: true }), sleep);
    this.#timer.unref();
  }

  #inTurn(what: { readonly onlyDelivers: boolean }): Promise<void> {
    this.#work = this.#work.then(() => this.#run(what));
    return this.#work;
  }

  async #run({ onlyDelivers }: { readonly onlyDelivers: boolean }): Promise<void> {
    const { services, rulesFile, secret, say, log, now = () => new Date() } = this.#options;
    const { signal } = this.#stopped;
    if (signal.aborted) return;
    try {
      const report = await checkAlerts({
        home: services.home,
        rules: await readAlertRules(rulesFile),
        figures: figuresOf(services, signal),
        secret,
        say,
        now,
        signal,
        onlyDelivers,
        onProblem: (problem, { alert, to, attempts }) => {
          countOne(this.counts.failedDeliveries, destinationKind(to));
          log.error('an alert was not delivered', { problem, alert: alert.id, to: kindOf(to), attempts });
        },
      });
      if (report === undefined) return;
      for (const { rule } of report.fired) countOne(this.counts.fired, rule);
      this.counts.waiting = report.waiting.length;
      for (const { rule, reason } of report.unchecked) log.error('a rule was not checked', { rule, reason });
      this.#planDeliveries(report, now());
    } catch (error) {
      if (signal.aborted) return;
      log.error('alerts cannot be checked', failureFields(error));
    }
  }

  #planDeliveries({ waiting }: AlertReport, now: Date): void {
    if (waiting.length === 0) return;
    const soonest = Math.min(...waiting.map(({ next_at }) => Date.parse(next_at)));
    this.#plan(soonest - now.getTime());
  }
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** `line`, `file` or `webhook`. */
function destinationKind(to: string): string {
  return to.split(':', 1)[0];
}

/** The figures that alerts are about, asked for by nobody. */
export function figuresOf({ context }: Pick<Services, 'context'>, signal: AbortSignal): Figures {
  return context({
    signal,
    progress: () => undefined,
    jobs: NO_JOBS,
    mayTrain: false,
    ask: async () => 'not asked' as const,
  });
}

/** The address of a webhook may hold a secret, which must not be in a log. */
export function kindOf(to: string): string {
  return to.startsWith('webhook:') ? `webhook ${URL.parse(to.slice('webhook:'.length))?.host ?? ''}` : to;
}
