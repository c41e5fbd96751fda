/** What the server does, for Prometheus: counts and times, nothing of customers or callers. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AlertCounts } from '../alert-watch.ts';
import type { CallRunner } from '../call-runner.ts';
import type { Retrained } from '../retraining/retraining-state.ts';
import type { ToolResult } from '../tool-result.ts';

export interface ServerMetrics {
  /** The same runner, whose calls are counted and timed. */
  measured(runner: CallRunner): CallRunner;
  /** Counts a training that the server did by itself. */
  countRetraining(retrained: Retrained): void;
  /** In the exposition format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** From answers out of memory to questions that train a model, in seconds. */
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];

/** @param alerts undefined if no rules are configured */
export function createServerMetrics(sessions: () => number, alerts?: AlertCounts): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'churn_mcp_tool_calls_total',
    help: 'Tool calls that have been answered, by tool and outcome: ok, or the code of the error.',
    labelNames: ['tool', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'churn_mcp_tool_call_seconds',
    help: 'How long tool calls took.',
    labelNames: ['tool'],
    buckets: SECONDS,
    registers,
  });
  const running = new Gauge({
    name: 'churn_mcp_tool_calls_running',
    help: 'Tool calls that are being worked on, those that go on as jobs included.',
    registers,
  });
  new Gauge({
    name: 'churn_mcp_sessions',
    help: 'Open sessions.',
    registers,
    collect() {
      this.set(sessions());
    },
  });
  if (alerts !== undefined) addAlertMetrics(alerts, registers);
  return {
    countRetraining: retrainingCounter(registers),
    measured: (runner) => ({
      async run(call, context) {
        const tool = call.tool.name;
        running.inc();
        const end = seconds.startTimer({ tool });
        const result = await runner.run(call, context);
        end();
        running.dec();
        calls.inc({ tool, outcome: outcomeOf(result) });
        return result;
      },
    }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function outcomeOf({ isError, _meta }: ToolResult): string {
  return isError === true ? String(_meta?.['churn-mcp/code'] ?? 'INTERNAL') : 'ok';
}

function addAlertMetrics(alerts: AlertCounts, registers: Registry[]): void {
  new Counter({
    name: 'churn_mcp_alerts_fired_total',
    help: 'Alerts that fired when this server checked the rules, by rule.',
    labelNames: ['rule'],
    registers,
    collect() {
      this.reset();
      for (const [rule, count] of alerts.fired) this.inc({ rule }, count);
    },
  });
  new Counter({
    name: 'churn_mcp_alert_delivery_failures_total',
    help: 'Attempts of this server to deliver an alert that failed, by kind of destination: line, file or webhook.',
    labelNames: ['to'],
    registers,
    collect() {
      this.reset();
      for (const [to, count] of alerts.failedDeliveries) this.inc({ to }, count);
    },
  });
  new Gauge({
    name: 'churn_mcp_alert_deliveries_waiting',
    help: 'Deliveries that wait for another attempt.',
    registers,
    collect() {
      this.set(alerts.waiting);
    },
  });
}

function retrainingCounter(registers: Registry[]): ServerMetrics['countRetraining'] {
  const retrainings = new Counter({
    name: 'churn_mcp_retrainings_total',
    help: 'Trainings that the server did by itself, by model and outcome: promoted, champion stays, unchanged, or the code of the error.',
    labelNames: ['model', 'outcome'],
    registers,
  });
  const retrained = new Gauge({
    name: 'churn_mcp_last_retraining_timestamp_seconds',
    help: 'When such a training last ended well.',
    labelNames: ['model'],
    registers,
  });
  return ({ model, outcome, code }) => {
    retrainings.inc({ model, outcome: outcome === 'failed' ? (code ?? 'INTERNAL') : outcome });
    if (outcome !== 'failed') retrained.setToCurrentTime({ model });
  };
}
