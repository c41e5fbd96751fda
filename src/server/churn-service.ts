/** Questions about churn: who is at risk, why, and how far a model's figures still hold. */
import type { DataSource, Id } from '../data/data-source.ts';
import type { CallOptions, ToolContext } from '../mcp/tool-context.ts';
import type { AtRiskResult } from '../scoring/at-risk-result.ts';
import type { CustomerContact } from '../scoring/customer-contacts.ts';
import type { DriftReport } from '../scoring/drift-report.ts';
import { AnswerCache } from './answer-cache.ts';
import { keepOverviewAhead } from './first-overview.ts';
import { recordingOf } from './recorded-scores.ts';
import { borrowDataIfAny, openOrTrain, type ServiceParts } from './service-parts.ts';

type ChurnService = ToolContext['churn'];
type AtRiskList = Omit<AtRiskResult, 'trainedNow'>;

export function createChurnService(parts: ServiceParts): ChurnService {
  const thresholds = new AnswerCache<number>();
  const lists = new AnswerCache<AtRiskList>();
  const drifts = new AnswerCache<DriftReport | undefined>();
  return {
    train(request, call) {
      const beforePromotion = (version: string) => keepOverviewAhead(parts, version, call);
      return parts.trainings.churn(
        request,
        request.label === 'forward' ? { ...call, beforePromotion } : call,
      );
    },
    atRisk: (request, call) => findAtRisk(parts, lists, request, call),
    explain: (request, call) => explain(parts, thresholds, request, call),
    outcomes: (card, call) => measureOutcomes(parts, card, call),
    drift: (card, call) => measureDrift(parts, drifts, card, call),
  };
}

function openForecast(parts: ServiceParts, { version }: { version?: string | undefined }, call: CallOptions) {
  return openOrTrain(parts, 'customer_churn_forecast', version, call);
}

/** Longer lists are exports and pages of exports, which nobody asks for twice. */
const MOST_KEPT_CUSTOMERS = 100;

async function findAtRisk(
  parts: ServiceParts,
  lists: AnswerCache<AtRiskList>,
  ...[request, call]: Parameters<ChurnService['atRisk']>
) {
  const { findAtRiskCustomers } = await import('../scoring/at-risk-customers.ts');
  await using served = await openForecast(parts, request, call);
  const { opened, trainedNow, data } = served;
  const { signal } = call;
  const uplift = request.sortBy === 'uplift' ? await parts.scorers.open('campaign_uplift') : undefined;
  const env = { ...opened, uplift, ...(await recordingOf(parts, opened)), data, signal };
  const find = () => findAtRiskCustomers(request, env);
  const key = [opened.version.card.version, uplift?.version.card.version ?? '', request];
  const found = request.limit > MOST_KEPT_CUSTOMERS ? await find() : await lists.findOnce(data, key, find);
  const ids = found.customers.map(({ customerId }) => customerId);
  const contacts = await contactsOf(parts, ids, data, signal);
  const customers = found.customers.map((customer) => ({ ...customer, ...contacts(customer.customerId) }));
  return { ...found, customers, trainedNow };
}

async function explain(
  parts: ServiceParts,
  thresholds: AnswerCache<number>,
  ...[request, call]: Parameters<ChurnService['explain']>
) {
  const { explainCustomer } = await import('../scoring/explain-customer.ts');
  const { readAtRiskFrom } = await import('../scoring/at-risk-customers.ts');
  await using served = await openForecast(parts, request, call);
  const { opened, trainedNow, data } = served;
  const { signal } = call;
  const env = { ...opened, data, signal };
  const key = [opened.version.card.version, request.asOf];
  const atRiskFrom = await thresholds.findOnce(data, key, () => readAtRiskFrom(request.asOf, env));
  const explained = await explainCustomer(request, { ...env, atRiskFrom });
  const contacts = await contactsOf(parts, [explained.customerId], data, signal);
  return { ...explained, ...contacts(explained.customerId), trainedNow };
}

async function measureOutcomes(
  parts: ServiceParts,
  ...[card, { signal }]: Parameters<ChurnService['outcomes']>
) {
  if (card.details.kind !== 'forward') return undefined;
  const { measureLiveAccuracy } = await import('../scoring/live-accuracy.ts');
  await using borrowed = await borrowDataIfAny(parts);
  if (borrowed === undefined) return undefined;
  const { data } = borrowed;
  return await measureLiveAccuracy(card, { data, predictions: await parts.predictions(), signal });
}

async function measureDrift(
  parts: ServiceParts,
  drifts: AnswerCache<DriftReport | undefined>,
  ...[{ model, version, details }, { signal }]: Parameters<ChurnService['drift']>
) {
  if (!('distribution' in details)) return undefined;
  const { measureDrift: measure } = await import('../scoring/drift-report.ts');
  await using borrowed = await borrowDataIfAny(parts);
  if (borrowed === undefined) return undefined;
  const { data } = borrowed;
  const opened = await parts.scorers.open(model, version);
  return await drifts.findOnce(data, [model, version], () => measure({ ...opened, data, signal }));
}

/** Names and emails of customers, if the configuration allows them in answers. */
async function contactsOf(
  { showContacts }: ServiceParts,
  customerIds: readonly Id[],
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<(customerId: Id) => { contact?: CustomerContact }> {
  if (!showContacts) return () => ({});
  const { readContacts } = await import('../scoring/customer-contacts.ts');
  const contacts = await readContacts(data, customerIds, signal);
  return (customerId) => {
    const contact = contacts.get(customerId);
    return contact ? { contact } : {};
  };
}
