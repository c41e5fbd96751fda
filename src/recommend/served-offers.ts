/**
 * Offers of the customers that questions are about, as of the last order's day. Different questions name the same customers: the
 * first of a segment, then more of them, then one of them alone. So a customer's offers are kept, and questions that wait
 * at the same time share a statement, most of whose time does not depend on the number of customers.
 */
import { openDay } from '../data/compose-statement.ts';
import type { DataSource, Id } from '../data/data-source.ts';
import { throwIfAborted } from '../errors.ts';
import { RECOMMENDATION_STATEMENTS } from '../features/recommendation-features.ts';
import type { Scorer } from '../scoring/scorer.ts';
import {
  type CustomerOffers,
  type RankingSource,
  type RecommendedProduct,
  rankOffers,
} from './customer-offers.ts';
import { type Offer, type OfferReason, readOfferReasons } from './offer-reasons.ts';
import type { ServedRequest } from './served-request.ts';

/** Products kept per customer: as many as a question may ask for. */
export const MOST_SERVED_PRODUCTS = 100;
/** Customers whose offers are ranked at once. */
const CUSTOMERS_AT_ONCE = 200;
/** Customers ranked at once before somebody asks: a question that comes meanwhile waits for them. */
const EXPECTED_AT_ONCE = 16;
/** Nobody has to have asked for so long: questions that follow each other at once do not wait for what may be asked. */
const QUIET_MS = 250;
/** Questions expected; the one expected for longest is dropped first. */
const MOST_EXPECTED = 8;
/** Offers kept per snapshot and model, about 15 MB; the customers unused for longest are dropped first. */
const MOST_KEPT_OFFERS = 100_000;

const served = new WeakMap<DataSource, WeakMap<Scorer, ServedOffers>>();

/** The offers of a snapshot's customers by an open model. */
export function servedOffersOf({ data, scorer }: RankingSource): ServedOffers {
  const ofScorers = served.get(data) ?? new WeakMap<Scorer, ServedOffers>();
  served.set(data, ofScorers);
  const known = ofScorers.get(scorer) ?? new ServedOffers();
  ofScorers.set(scorer, known);
  return known;
}

interface KeptOffers {
  readonly offers: readonly RecommendedProduct[];
  /** Of the first offers; read when somebody wants them. */
  readonly reasons: readonly (OfferReason | undefined)[];
}

interface Waiting {
  readonly request: ServedRequest;
  readonly answer: (offers: CustomerOffers[]) => void;
  readonly fail: (error: unknown) => void;
}

class ServedOffers {
  /** The last entry is the one used last. */
  readonly #kept = new Map<Id, KeptOffers>();
  #keptOffers = 0;
  #waiting: Waiting[] = [];
  /** What may be asked next. */
  #expected: ServedRequest[] = [];
  #quiet: NodeJS.Timeout | undefined;
  #isRunning = false;

  /** By customer id, without those who have nothing left to buy. */
  async of(request: ServedRequest, source: RankingSource): Promise<CustomerOffers[]> {
    throwIfAborted(source.signal);
    this.#findOnceQuiet(source);
    if (!this.#isMissingFrom(request)) return this.#read(request);
    const offers = await new Promise<CustomerOffers[]>((answer, fail) => {
      this.#waiting.push({ request, answer, fail });
      if (!this.#isRunning) void this.#answerWaiting({ ...source, signal: undefined });
    });
    throwIfAborted(source.signal);
    return offers;
  }

  /** What may be asked next is found once nobody has asked for a moment. A question that needs what was not found does so itself. */
  expect(request: ServedRequest, source: RankingSource): void {
    // Elsewhere a warehouse would be woken, and paid, for what nobody may ask.
    if (source.data.madeAt === undefined) return;
    this.#expected = [...this.#expected, request].slice(-MOST_EXPECTED);
    this.#findOnceQuiet(source);
  }

  #findOnceQuiet(source: RankingSource): void {
    clearTimeout(this.#quiet);
    if (this.#expected.length === 0) return;
    // A process that has nothing else to do ends.
    const forNobody = { ...source, signal: undefined };
    this.#quiet = setTimeout(() => void this.#findExpected(forNobody), QUIET_MS).unref();
  }

  async #findExpected(source: RankingSource): Promise<void> {
    if (!this.#isRunning) {
      this.#isRunning = true;
      while (this.#expected.length > 0 && this.#waiting.length === 0) await this.#findSome(source);
      await this.#answerWaiting(source);
    }
    this.#findOnceQuiet(source);
  }

  async #findSome(source: RankingSource): Promise<void> {
    const next = this.#expected.pop();
    if (next === undefined) return;
    const unknown = next.customerIds.filter((id) => this.#isMissingFrom({ ...next, customerIds: [id] }));
    const [some, later] = [unknown.slice(0, EXPECTED_AT_ONCE), unknown.slice(EXPECTED_AT_ONCE)];
    if (later.length > 0) this.#expected.push({ ...next, customerIds: later });
    try {
      await this.#find([{ ...next, customerIds: some }], source);
    } catch {
      // Nobody waits for this, so the snapshot may have been closed.
      this.#expected = [];
    }
    this.#dropOldest();
  }

  async #answerWaiting(source: RankingSource): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#find(
          batch.map(({ request }) => request),
          source,
        );
        for (const { request, answer } of batch) answer(this.#read(request));
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
      this.#dropOldest();
    }
    this.#isRunning = false;
  }

  #takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    let customers = 0;
    while (customers < CUSTOMERS_AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      batch.push(next);
      customers += next.request.customerIds.length;
    }
    return batch;
  }

  /** Ranks products for those customers who are not kept, and reads the reasons that are not. */
  async #find(requests: readonly ServedRequest[], source: RankingSource): Promise<void> {
    const { data } = source;
    const { lastOrderDate: asOf } = await data.summary();
    const customerIds = this.#missingOf(requests);
    if (customerIds.length > 0) {
      await using day = await openDay(data, asOf, RECOMMENDATION_STATEMENTS);
      const ranked = await rankOffers({ customerIds, nProducts: MOST_SERVED_PRODUCTS, asOf }, day, source);
      const found = new Map(ranked.map(({ customerId, recommendations }) => [customerId, recommendations]));
      for (const id of customerIds) this.#keep(id, { offers: found.get(id) ?? [], reasons: [] });
    }
    const unreasoned = this.#unreasonedOf(requests);
    if (unreasoned.length === 0) return;
    const reasonOf = await readOfferReasons(data, unreasoned, { asOf });
    for (const { customerId, productId } of unreasoned) {
      const kept = this.#kept.get(customerId);
      if (kept === undefined) continue;
      const reasons = [...kept.reasons, reasonOf({ customerId, productId })];
      this.#kept.set(customerId, { ...kept, reasons });
    }
  }

  #isMissingFrom(request: ServedRequest): boolean {
    return this.#missingOf([request]).length + this.#unreasonedOf([request]).length > 0;
  }

  #missingOf(requests: readonly ServedRequest[]): Id[] {
    const wanted = new Set(requests.flatMap(({ customerIds }) => customerIds));
    return [...wanted].filter((id) => !this.#kept.has(id));
  }

  /** Offers of kept customers whose reasons are wanted and not known, best first. */
  #unreasonedOf(requests: readonly ServedRequest[]): Offer[] {
    const wanted = new Map<Id, number>();
    for (const { customerIds, nProducts, withReasons } of requests) {
      if (!withReasons) continue;
      for (const id of customerIds) wanted.set(id, Math.max(nProducts, wanted.get(id) ?? 0));
    }
    return [...wanted].flatMap(([customerId, nProducts]) => {
      const { offers, reasons } = this.#kept.get(customerId) ?? NO_OFFERS;
      return offers.slice(reasons.length, nProducts).map(({ productId }) => ({ customerId, productId }));
    });
  }

  #read({ customerIds, nProducts, withReasons }: ServedRequest): CustomerOffers[] {
    return [...customerIds].sort(compareIds).flatMap((customerId) => {
      const kept = this.#kept.get(customerId) ?? NO_OFFERS;
      this.#keep(customerId, kept);
      const offers = kept.offers.slice(0, nProducts);
      if (offers.length === 0) return [];
      const recommendations = withReasons
        ? offers.map((offer, i) => ({ ...offer, reason: kept.reasons[i] }))
        : offers;
      return [{ customerId, recommendations }];
    });
  }

  #keep(customerId: Id, offers: KeptOffers): void {
    this.#drop(customerId);
    this.#kept.set(customerId, offers);
    this.#keptOffers += sizeOf(offers);
  }

  #dropOldest(): void {
    for (const id of this.#kept.keys()) {
      if (this.#keptOffers <= MOST_KEPT_OFFERS) return;
      this.#drop(id);
    }
  }

  #drop(customerId: Id): void {
    const known = this.#kept.get(customerId);
    if (known === undefined) return;
    this.#keptOffers -= sizeOf(known);
    this.#kept.delete(customerId);
  }
}

const NO_OFFERS: KeptOffers = { offers: [], reasons: [] };

/** A customer without offers takes memory, too. */
function sizeOf({ offers }: KeptOffers): number {
  return 1 + offers.length;
}

/** As statements order them: numbers by size, texts by their bytes. */
function compareIds(one: Id, next: Id): number {
  if (typeof one === 'number' && typeof next === 'number') return one - next;
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(next)));
}
