import { readAlertRules } from '../alerts/alert-rules.ts';
import type { Alert } from '../alerts/alert-state.ts';
import { type AlertReport, checkAlerts } from '../alerts/check-alerts.ts';
import type { Config } from '../config.ts';
import { ChurnMcpError } from '../errors.ts';
import { AlertWatch, figuresOf, kindOf } from '../server/alert-watch.ts';
import type { ServerLog } from '../server/server-log.ts';
import type { Services } from '../server/services.ts';
import { plural } from '../text/format.ts';
import { quoted } from '../text/quoted.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';

export interface AlertsFlags extends CommonFlags {
  readonly rules?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Exit code: an alert fired. */
const EXIT_FIRED = 5;

/**
 * Checks the rules of alerts once, and delivers what fired. Ends with 0 if nothing fired, with 5 if something did, and with 1 if a rule
 * cannot be checked or an alert was not delivered.
 */
export function runAlerts(flags: AlertsFlags, environment: CommandEnvironment): Promise<number> {
  return withServices(environment, flags, async ({ config, services, display, print, signal }) => {
    const { home, alertRules, alertsSecret: secret } = config;
    const file = flags.rules ?? alertRules;
    if (file === undefined) throw noRules();
    const rules = await readAlertRules(file);
    const said = new Set<string>();
    const say = (alert: Alert) => {
      said.add(alert.id);
      if (flags.json !== true) print(alert.text);
    };
    const problems: string[] = [];
    const report = await checkAlerts({
      home,
      rules,
      figures: figuresOf(services, signal),
      secret,
      now: () => new Date(),
      signal,
      say,
      triesAll: true,
      dryRun: flags.dryRun === true,
      onProblem: (problem, { to }) =>
        problems.push(`An alert was not delivered to ${kindOf(to)}: ${problem}.`),
    });
    display.stop();
    if (report === undefined) {
      print(flags.json === true ? JSON.stringify({ checked: false }) : 'Another process checks alerts now.');
      return 0;
    }
    if (flags.json === true) print(JSON.stringify(reportFields(report), null, 2));
    else print(reportText(report, said, flags.dryRun === true));
    const unchecked = report.unchecked.map(
      ({ rule, reason }) => `The rule ${quoted(rule)} was not checked: ${reason}`,
    );
    for (const problem of [...problems, ...unchecked]) process.stderr.write(`${problem}\n`);
    if (problems.length > 0 || unchecked.length > 0) return 1;
    return report.fired.length > 0 ? EXIT_FIRED : 0;
  });
}

function reportFields({ fired, begun, unchecked, waiting }: AlertReport) {
  return { checked: true, fired, begun, unchecked, waiting: waiting.length };
}

function reportText(
  { fired, begun, waiting }: AlertReport,
  said: ReadonlySet<string>,
  dryRun: boolean,
): string {
  const lines = [
    ...fired.filter(({ id }) => !said.has(id)).map(({ text }) => text),
    ...begun.map(
      ({ rule, above }) =>
        `The rule ${quoted(rule)} is watched from now on${above === 0 ? '' : `; ${plural(above, 'customer is', 'customers are')} above its limit already, and ${above === 1 ? 'does' : 'do'} not fire`}.`,
    ),
  ];
  if (fired.length === 0) lines.push('No alert fired.');
  if (dryRun) lines.push('This was a dry run: nothing was kept or delivered.');
  else if (waiting.length > 0)
    lines.push(`${plural(waiting.length, 'delivery waits', 'deliveries wait')}. The next check tries again.`);
  return lines.join('\n');
}

function noRules(): ChurnMcpError {
  return new ChurnMcpError('USAGE', 'No file of alert rules is named.', {
    hint: 'Name one with --rules FILE or CHURN_MCP_ALERTS. docs/alerts.md shows one.',
  });
}

/** Undefined unless rules are configured. A file that cannot be used is told before anything begins. */
export async function watchAlerts(
  { alertRules: rulesFile, alertsSecret: secret, readOnly }: Config,
  services: Services,
  log: ServerLog,
): Promise<AlertWatch | undefined> {
  if (rulesFile === undefined || readOnly) return undefined;
  await readAlertRules(rulesFile);
  return new AlertWatch({
    services,
    rulesFile,
    secret,
    log,
    say: ({ text }) => process.stderr.write(`${text}\n`),
  });
}
