/** Questions about churn: who is at risk, why, and how far a model's figures still hold. */
import type { DataSource, Id } from '../data/data-source.ts';
import type { CallOptions, ToolContext } from '../mcp/tool-context.ts';
import type { CustomerContact } from '../scoring/customer-contacts.ts';
import { AnswerCache } from './answer-cache.ts';
import { keepOverviewAhead } from './first-overview.ts';
import { recordingOf } from './recorded-scores.ts';
import { borrowDataIfAny, openOrTrain, type ServiceParts } from './service-parts.ts';

type ChurnService = ToolContext['churn'];

export function createChurnService(parts: ServiceParts): ChurnService {
  const thresholds = new AnswerCache<number>();
  return {
    async train(request, call) {
      const outcome = await parts.trainings.churn(request, call);
      if (request.label === 'forward' && outcome.promoted) await keepOverviewAhead(parts, call);
      return outcome;
    },
    atRisk: (request, call) => findAtRisk(parts, request, call),
    explain: (request, call) => explain(parts, thresholds, request, call),
    outcomes: (card, call) => measureOutcomes(parts, card, call),
    drift: (card, call) => measureDrift(parts, card, call),
  };
}

function openForecast(parts: ServiceParts, { version }: { version?: string | undefined }, call: CallOptions) {
  return openOrTrain(parts, 'customer_churn_forecast', version, call);
}

async function findAtRisk(parts: ServiceParts, ...[request, call]: Parameters<ChurnService['atRisk']>) {
  const { findAtRiskCustomers } = await import('../scoring/at-risk-customers.ts');
  await using served = await openForecast(parts, request, call);
  const { opened, trainedNow, data } = served;
  const { signal } = call;
  const uplift = request.sortBy === 'uplift' ? await parts.scorers.open('campaign_uplift') : undefined;
  const found = await findAtRiskCustomers(request, {
    ...opened,
    uplift,
    ...(await recordingOf(parts, opened)),
    data,
    signal,
  });
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
  ...[{ model, version, details }, { signal }]: Parameters<ChurnService['drift']>
) {
  if (!('distribution' in details)) return undefined;
  const { measureDrift: measure } = await import('../scoring/drift-report.ts');
  await using borrowed = await borrowDataIfAny(parts);
  if (borrowed === undefined) return undefined;
  const { data } = borrowed;
  const opened = await parts.scorers.open(model, version);
  return await measure({ ...opened, data, signal });
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
