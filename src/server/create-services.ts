/**
 * Assembles the product over one home folder. What is slow to load (the database, the ONNX runtime, the thread pool)
 * is imported by the first call that needs it, so that a server answers `initialize` at once.
 */
import { openDataHome } from '../data/data-home.ts';
import type { DataSource, Id } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import type { BoosterTrainer } from '../gbdt/booster.ts';
import type { CallOptions, ToolContext } from '../mcp/tool-context.ts';
import type { ProductRecommendations } from '../recommend/product-recommendations.ts';
import { CHAMPION, type ModelRegistry } from '../registry/model-registry.ts';
import type { CustomerContact } from '../scoring/customer-contacts.ts';
import type { PredictionLog } from '../scoring/prediction-log.ts';
import type { ScoringEnvironment } from '../scoring/score-customers.ts';
import { AnswerCache } from './answer-cache.ts';
import { HomeWatcher } from './home-watcher.ts';
import { createLazyRegistry, createLazyTrainer, createLazyWarehouse } from './lazy-parts.ts';
import { type OpenedVersion, ScorerCache } from './scorer-cache.ts';
import type { Services, ServicesOptions, ShopService } from './services.ts';
import { createTrainings, type TrainableByDefault, type Trainings } from './trainings.ts';

interface Parts {
  readonly home: string;
  readonly data: Services['data'];
  readonly registry: ModelRegistry;
  readonly trainer: BoosterTrainer;
  readonly trainings: Trainings;
  readonly scorers: ScorerCache;
  readonly predictions: () => Promise<PredictionLog>;
  readonly now: () => Date;
  readonly showContacts: boolean;
}

export function createServices(options: ServicesOptions): Services {
  const { home } = options;
  const now = options.now ?? (() => new Date());
  const registry = createLazyRegistry(home, now);
  let log: Promise<PredictionLog> | undefined;
  const data = options.snowflake ? createLazyWarehouse(options.snowflake) : openDataHome(home);
  const trainer = createLazyTrainer(options.threads);
  const parts: Parts = {
    home,
    data,
    registry,
    trainer,
    trainings: createTrainings({ home, data, registry, trainer, now, ray: options.ray }),
    scorers: new ScorerCache(registry, options.threads),
    predictions: () => (log ??= openPredictionLog(home)),
    now,
    showContacts: options.showContacts ?? false,
  };
  const watcher = new HomeWatcher(home);
  const churn = createChurnService(parts);
  const recommendations = createRecommendationService(parts);
  const models = createModelService(registry);

  return {
    home,
    data: parts.data,
    registry,
    trainer: parts.trainer,
    watcher,
    shop: createShopService(parts),
    context: (call) => ({ ...call, churn, recommendations, models, charts }),
    async score({ model, version, asOf }, { signal }) {
      const { scoreCustomers } = await import('../scoring/score-customers.ts');
      const data = await parts.data.current();
      const opened = await parts.scorers.open(model, version);
      return scoreCustomers(asOf === undefined ? {} : { asOf }, {
        ...opened,
        data,
        ...(await recordingOf(parts, opened)),
        ...(signal && { signal }),
      });
    },
    async scoreTable({ version, file }, { signal }) {
      const { scoreTable } = await import('../scoring/score-table.ts');
      const registered = await registry.load('customer_churn_column', version);
      return scoreTable({ home, version: registered, ...(file !== undefined && { file }), signal });
    },
    importModel: (request, call) => parts.trainings.importModel(request, call),
    async recommendForEveryone(request, call) {
      const { recommendForEveryone } = await import('../recommend/recommend-for-everyone.ts');
      const { source } = await recommendationSource(parts, request.version, call);
      return recommendForEveryone(request, { ...source, ...call });
    },
    async [Symbol.asyncDispose]() {
      watcher[Symbol.dispose]();
      await (await log)?.[Symbol.asyncDispose]();
      await parts.trainer[Symbol.asyncDispose]();
      await parts.scorers[Symbol.asyncDispose]();
      await parts.data[Symbol.asyncDispose]();
    },
  };
}

function createChurnService(parts: Parts): ToolContext['churn'] {
  const { trainings } = parts;
  return {
    train: (request, call) => trainings.churn(request, call),
    async atRisk(request, call) {
      const { findAtRiskCustomers } = await import('../scoring/at-risk-customers.ts');
      const data = await parts.data.current();
      const { opened, trainedNow } = await openOrTrain(
        parts,
        'customer_churn_forecast',
        request.version,
        call,
      );
      const { signal } = call;
      const recording = await recordingOf(parts, opened);
      const found = await findAtRiskCustomers(request, {
        ...opened,
        data,
        ...recording,
        ...(signal && { signal }),
      });
      const contacts = await contactsOf(
        parts,
        found.customers.map(({ customerId }) => customerId),
        data,
        signal,
      );
      const customers = found.customers.map((customer) => ({
        ...customer,
        ...contacts(customer.customerId),
      }));
      return { ...found, customers, trainedNow };
    },
    async explain(request, call) {
      const { explainCustomer } = await import('../scoring/explain-customer.ts');
      const data = await parts.data.current();
      const { opened, trainedNow } = await openOrTrain(
        parts,
        'customer_churn_forecast',
        request.version,
        call,
      );
      const { signal } = call;
      const explained = await explainCustomer(request, { ...opened, data, ...(signal && { signal }) });
      const contacts = await contactsOf(parts, [explained.customerId], data, signal);
      return { ...explained, ...contacts(explained.customerId), trainedNow };
    },
    async outcomes(card, { signal }) {
      if (card.label.kind !== 'forward') return undefined;
      const { measureLiveAccuracy } = await import('../scoring/live-accuracy.ts');
      const data = await currentDataIfAny(parts);
      if (data === undefined) return undefined;
      return measureLiveAccuracy(card, { data, predictions: await parts.predictions(), signal });
    },
    async drift({ model, version, distribution }, { signal }) {
      if (distribution === undefined) return undefined;
      const { measureDrift } = await import('../scoring/drift-report.ts');
      const data = await currentDataIfAny(parts);
      if (data === undefined) return undefined;
      const opened = await parts.scorers.open(model, version);
      return measureDrift({ ...opened, data, ...(signal && { signal }) });
    },
  };
}

async function openPredictionLog(home: string): Promise<PredictionLog> {
  const { PredictionLog } = await import('../scoring/prediction-log.ts');
  return new PredictionLog(home);
}

/** Who customers are, where the configuration says that it may be told. */
async function contactsOf(
  { showContacts }: Parts,
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

/** Scores of a forecast are kept, to be compared with what happens. */
async function recordingOf(
  { predictions }: Parts,
  { version: { card } }: OpenedVersion,
): Promise<Pick<ScoringEnvironment, 'onScored'>> {
  if (card.label.kind !== 'forward') return {};
  const log = await predictions();
  return { onScored: (scores) => log.record(card, scores) };
}

/** A model can be looked at where the data is not: then there is nothing to compare it with. */
async function currentDataIfAny({ data }: Parts): Promise<DataSource | undefined> {
  try {
    return await data.current();
  } catch (error) {
    if (error instanceof ChurnMcpError && error.code === 'NO_DATA') return undefined;
    throw error;
  }
}

function createRecommendationService(parts: Parts): ToolContext['recommendations'] {
  const { trainings } = parts;
  const answers = new AnswerCache<ProductRecommendations>();
  return {
    train: (request, call) => trainings.recommendations(request, call),
    async recommend(request, call) {
      const { recommendProducts } = await import('../recommend/product-recommendations.ts');
      const { parseSegment } = await import('../recommend/segments.ts');
      // A wrong segment is said before a model is trained for it.
      const segment = parseSegment(request.segment);
      const { source, trainedNow } = await recommendationSource(parts, request.version, call);
      const { nCustomers, nProducts, offset, asOf } = request;
      const key = [source.card.version, segment, nCustomers, nProducts, offset, asOf];
      const found = await answers.findOnce(source.data, key, () => recommendProducts(request, source));
      return { ...found, trainedNow };
    },
  };
}

const charts: ToolContext['charts'] = {
  async curves(card) {
    const { curvePicture } = await import('../charts/curve-picture.ts');
    const png = await curvePicture(card);
    return png ? [{ data: Buffer.from(png).toString('base64'), mimeType: 'image/png' }] : [];
  },
};

function createShopService(parts: Parts): ShopService {
  return {
    async describe() {
      const { readTableSummary } = await import('../data/feature-table/feature-table-home.ts');
      const data = await currentDataIfAny(parts);
      return { summary: await data?.summary(), table: await readTableSummary(parts.home) };
    },
    async segments() {
      const { summarizeSegments } = await import('../recommend/segment-summary.ts');
      const data = await parts.data.current();
      const [segments, summary] = await Promise.all([summarizeSegments(data), data.summary()]);
      return { segments, asOf: summary.lastOrderDate };
    },
  };
}

function createModelService(registry: ModelRegistry): ToolContext['models'] {
  return {
    card: (model, version) => registry.card(model, version),
    list: (model) => registry.list(model),
    async promote(model, version) {
      const replaced = await registry.resolveAlias(model, CHAMPION);
      // Loading checks the files: a damaged version never becomes the champion.
      const { card } = await registry.load(model, version);
      await registry.setAlias(model, CHAMPION, version);
      return { card, replaced };
    },
  };
}

/** What recommending reads: the data, and the model named or the champion, trained now where there is none. */
async function recommendationSource(parts: Parts, version: string | undefined, call: CallOptions) {
  const data = await parts.data.current();
  const { opened, trainedNow } = await openOrTrain(parts, 'product_recommendation', version, call);
  const { signal } = call;
  const source = { data, scorer: opened.scorer, card: opened.version.card, ...(signal && { signal }) };
  return { source, trainedNow };
}

/** Opens a model for scoring; where none is named and there is no champion yet, trains one first. */
async function openOrTrain(
  { scorers, trainings }: Parts,
  model: TrainableByDefault,
  version: string | undefined,
  call: CallOptions,
): Promise<{ opened: OpenedVersion; trainedNow: boolean }> {
  const wanted = version ?? (await scorers.championOf(model));
  const trainedNow = wanted === undefined && (await trainings.ensureChampion(model, call));
  return { opened: await scorers.open(model, wanted), trainedNow };
}
