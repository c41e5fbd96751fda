import { periodLines } from '../mcp/trust-text.ts';
import { formatCount, formatScore, plural } from '../text/format.ts';
import {
  assertOrdersAreLocal,
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { type DemoReport, demoReport, outcomeOf } from './demo-sections.ts';
import { parseDay, parseWhole } from './flag-values.ts';

export interface DemoFlags extends CommonFlags {
  readonly customers: string;
  readonly seed: string;
  readonly asOf?: string;
  readonly campaign?: boolean;
  readonly json?: boolean;
}

/** Makes the demo shop, trains the models on it, and shows every kind of answer. */
export function runDemo(flags: DemoFlags, environment: CommandEnvironment): Promise<number> {
  const request = {
    customers: parseWhole('--customers', flags.customers, 100, 1_000_000),
    seed: parseWhole('--seed', flags.seed, 0, 2 ** 32 - 1),
    ...(flags.asOf !== undefined && { asOf: parseDay('--as-of', flags.asOf) }),
  };
  return withServices(environment, flags, async (context) => {
    const { display, config, signal } = context;
    const report = demoReport(context, flags.json);
    assertOrdersAreLocal(config);
    const { createDemoShop } = await import('../data/demo/create-demo-shop.ts');
    const { holdsOwnShop } = await import('../data/demo/best-reachable.ts');
    const replaces = await holdsOwnShop(context.services.data);
    const { summary, asOf } = await createDemoShop({
      home: config.home,
      segmentThresholds: config.segmentThresholds,
      ...request,
      signal,
      onProgress: display.listener,
    });
    report.section(
      'The demo shop',
      `${plural(summary.customers, 'customer')}, ${plural(summary.orders, 'order')}, ${plural(summary.orderItems, 'order line')} of ${plural(summary.products, 'product')}, from ${summary.firstOrderDate} to ${summary.lastOrderDate}.`,
      ...(replaces
        ? ['The demo shop replaces the shop that was imported before. To go back, import that shop again.']
        : []),
    );
    if (flags.campaign) {
      const { showCampaign } = await import('./demo-campaign.ts');
      return showCampaign(context, { ...request, asOf }, report);
    }
    const inactivity = await answer(context, 'train_churn_model', { label: 'inactivity', wait: true });
    const [, forecast] = await beside(
      showInactivity(context, report, inactivity),
      answer(context, 'train_churn_model', { label: 'forward', wait: true }),
    );
    const [, recommendations] = await beside(
      showForecast(context, report, forecast),
      answer(context, 'train_recommendation_model', { wait: true }),
    );
    report.section('What customers will buy next', recommendations);
    report.section('What to offer whom', await answer(context, 'get_product_recommendations', {}));
    report.end(
      [
        `All of it is in ${config.home}`,
        'Next: import your own orders (churn-mcp import --orders FILE), or connect a client as the README shows.',
      ].join('\n'),
    );
    return 0;
  });
}

/**
 * Both results: what is shown of a model, while the next one is trained. A training leaves a core idle now and then. If one
 * fails, the other ends first, because the services are closed afterwards.
 */
async function beside<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

async function showInactivity(context: CommandContext, report: DemoReport, trained: string): Promise<void> {
  const best = await bestInactivity(context);
  report.section('Who has been silent for more than a week (the reference model)', trained, best);
}

async function showForecast(context: CommandContext, report: DemoReport, trained: string): Promise<void> {
  const best = await bestForward(context);
  report.section('Who will stop ordering (the model to act on)', trained, best);
  const said = await saidAndHappened(context);
  if (said.length > 0) report.section('What forecasts like this one said, and what happened', ...said);
  report.section('Customers at risk', await answer(context, 'get_at_risk_customers', { limit: 5 }));
}

async function answer(context: CommandContext, tool: string, args: Record<string, unknown>): Promise<string> {
  return (await outcomeOf(context, tool, args)).text;
}

async function bestForward({ services }: CommandContext): Promise<string> {
  const { bestReachableForward } = await import('../data/demo/best-reachable.ts');
  const card = await services.registry.card('customer_churn_forecast');
  if (card.details.kind !== 'forward') return '';
  const { horizon_days: horizonDays, windows } = card.details;
  const cutoff = windows.evaluation_cutoff;
  const best = await bestReachableForward(await services.data.current(), { cutoff, horizonDays });
  return `The best ROC-AUC that anybody can reach in this shop, knowing how it was made: ${formatScore(best.rocAuc)}; this model reaches ${formatScore(card.metrics.roc_auc)}.`;
}

/** The forecast's own past: whether its probabilities and its money came true. */
async function saidAndHappened({ services }: CommandContext): Promise<string[]> {
  const { details } = await services.registry.card('customer_churn_forecast');
  const periods = details.kind === 'forward' ? (details.rolling_calibration?.periods ?? []) : [];
  return periodLines(periods);
}

async function bestInactivity({ services }: CommandContext): Promise<string> {
  const { bestReachableInactivity } = await import('../data/demo/best-reachable.ts');
  const card = await services.registry.card('customer_churn_predictor');
  const days = card.details.kind === 'inactivity' ? card.details.churn_threshold_days : 0;
  const best = await bestReachableInactivity(await services.data.current(), days);
  return `The best reachable ROC-AUC from order count, tenure and segment (on ${formatCount(best.customers)} customers): ${formatScore(best.rocAuc)}; this model reaches ${formatScore(card.metrics.roc_auc)}.`;
}
