import { createHash } from 'node:crypto';
import { writeError } from '../data/duckdb/duckdb-errors.ts';
import { tryLock } from '../data/duckdb/file-lock.ts';
import { ChurnMcpError } from '../errors.ts';
import { type AlertRule, type AlertRules, isRiskRule, nameOf } from './alert-rules.ts';
import {
  type Alert,
  type AlertState,
  alertsLayout,
  type Delivery,
  type RuleState,
  readAlertState,
  writeAlertState,
} from './alert-state.ts';
import { moneyText, riskText } from './alert-text.ts';
import { checkMoney, checkRisk } from './check-rules.ts';
import { type DeliveryOptions, deliver, requireSecret } from './deliver.ts';
import { type Figures, readMoney, readRisk } from './read-figures.ts';

export interface AlertOptions
  extends Pick<DeliveryOptions, 'secret' | 'now' | 'signal' | 'say' | 'onProblem' | 'triesAll'> {
  readonly home: string;
  readonly rules: AlertRules;
  readonly figures: Figures;
  /** Says what would fire, and changes and delivers nothing. */
  readonly dryRun?: boolean;
  /** Looks at no figures: it delivers what waits. */
  readonly onlyDelivers?: boolean;
}

export interface AlertReport {
  readonly fired: readonly Alert[];
  /** Rules that were looked at for the first time. Customers who were above then do not fire. */
  readonly begun: readonly { readonly rule: string; readonly above: number }[];
  /** Rules that cannot be checked, and why. */
  readonly unchecked: readonly { readonly rule: string; readonly reason: string }[];
  readonly waiting: readonly Delivery[];
}

const NOTHING_CHECKED = { fired: [], begun: [], unchecked: [] };
/** Customers that an alert holds. */
const MOST_CUSTOMERS = 100;
/** What waits for a receiver that is away for long. */
const MOST_WAITING = 1000;

/**
 * Checks all rules once and delivers what fired, and what waits since earlier. One process of a home does it at a time. What
 * fired is kept together with its alerts before any is delivered, so nothing fires twice and nothing is lost.
 *
 * @returns undefined if another process does it now
 */
export async function checkAlerts(options: AlertOptions): Promise<AlertReport | undefined> {
  const { home, rules, secret, dryRun = false } = options;
  if (rules.destinations.some((destination) => 'webhook' in destination)) requireSecret(secret);
  if (dryRun) return await check(await readAlertState(home), options).then(({ report }) => report);
  await using lock = await tryLock(alertsLayout(home).lock);
  if (lock === undefined) return undefined;
  try {
    const before = await readAlertState(home);
    const { state, report } = options.onlyDelivers
      ? { state: before, report: NOTHING_CHECKED }
      : await check(before, options);
    if (state !== before) await writeAlertState(home, state);
    const keep = (next: AlertState) => writeAlertState(home, next);
    const { outbox } = await deliver(state, { ...options, destinations: rules.destinations, keep });
    return { ...report, waiting: outbox };
  } catch (error) {
    throw writeError(error, options.signal);
  }
}

async function check(
  before: AlertState,
  options: AlertOptions,
): Promise<{ state: AlertState; report: AlertReport }> {
  const { rules, now, onProblem } = options;
  const at = now().toISOString();
  const states: Record<string, RuleState> = {};
  const [fired, begun, unchecked]: [
    Alert[],
    { rule: string; above: number }[],
    { rule: string; reason: string }[],
  ] = [[], [], []];
  for (const rule of rules.rules) {
    const known = before.rules[rule.name];
    try {
      const looked = await look(rule, known, options, at);
      states[rule.name] = looked.state;
      if (looked.alert !== undefined) fired.push(looked.alert);
      if (known?.digest !== looked.state.digest)
        begun.push({ rule: rule.name, above: looked.state.above.length });
    } catch (error) {
      if (!(error instanceof ChurnMcpError) || error.code === 'CANCELLED') throw error;
      unchecked.push({ rule: rule.name, reason: error.sentences });
      if (known !== undefined) states[rule.name] = known;
    }
  }
  const added = fired.flatMap((alert) =>
    rules.destinations.map((destination) => ({ alert, to: nameOf(destination), attempts: 0, next_at: at })),
  );
  const all = [...before.outbox, ...added];
  for (const lost of all.slice(0, -MOST_WAITING))
    onProblem('too many alerts wait, so the oldest is given up', lost);
  const outbox = all.slice(-MOST_WAITING);
  const state = { format: 1 as const, checked_at: at, rules: states, outbox };
  return { state, report: { fired, begun, unchecked, waiting: outbox } };
}

interface Looked {
  readonly state: RuleState;
  readonly alert: Alert | undefined;
}

async function look(
  rule: AlertRule,
  known: RuleState | undefined,
  { figures }: Pick<AlertOptions, 'figures'>,
  at: string,
): Promise<Looked> {
  if (isRiskRule(rule)) {
    const { asOf, version, trust, customers } = await readRisk(rule, figures);
    const { state, fired: risen } = checkRisk(rule, known, customers);
    const fired = [...risen].sort((one, other) => other.valueAtRisk - one.valueAtRisk);
    if (fired.length === 0) return { state, alert: undefined };
    const sum = (of: (customer: (typeof fired)[number]) => number) =>
      fired.reduce((total, each) => total + of(each), 0);
    const stake = {
      valueAtRisk: sum(({ valueAtRisk }) => valueAtRisk),
      low: sum(({ valueRange }) => valueRange.low),
      high: sum(({ valueRange }) => valueRange.high),
    };
    const alert = alertOf(rule, at, {
      text: riskText(rule, fired, { stake, trust }),
      as_of: asOf,
      model_version: version,
      customers_total: fired.length,
      customers: fired.slice(0, MOST_CUSTOMERS).map(({ customerId, churnProbability, valueAtRisk }) => ({
        customer_id: customerId,
        churn_probability: churnProbability,
        value_at_risk: valueAtRisk,
      })),
    });
    return { state, alert };
  }
  const money = await readMoney(rule, figures);
  const [now, earlier] = [money.now.valueAtRisk, money.earlier.valueAtRisk];
  const { state, fired } = checkMoney(rule, known, { now, earlier });
  if (!fired) return { state, alert: undefined };
  const alert = alertOf(rule, at, {
    text: moneyText(rule, money),
    as_of: money.asOf,
    model_version: money.version,
    value_at_risk: now,
    value_at_risk_before: earlier,
    compared_with: money.comparedWith,
  });
  return { state, alert };
}

/** The id is that of the content and its moment: it is kept with the alert, and goes with each attempt to deliver it. */
function alertOf(rule: AlertRule, at: string, content: Omit<Alert, 'id' | 'rule' | 'at'>): Alert {
  const named = { rule: rule.name, at, ...content };
  const id = createHash('sha256').update(JSON.stringify(named)).digest('hex');
  return { id: `alert_${id}`, ...named };
}
