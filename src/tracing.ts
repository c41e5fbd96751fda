/** Spans of work, for a collector. By default there is none, and then nothing is done here. */

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanRequest {
  readonly name: string;
  /** `server`: answers a request; `client`: asks another system. */
  readonly kind?: 'server' | 'client';
  readonly attributes?: SpanAttributes;
  /** The caller's span as a W3C `traceparent`; by default the span that this work is a part of. */
  readonly parent?: string | undefined;
}

export interface OpenSpan {
  set(attributes: SpanAttributes): void;
  /** @param errorType a word of few: a code, not a message */
  fail(errorType: string): void;
}

export interface Tracer {
  /** A failure of the work is one of the span. */
  inSpan<Outcome>(request: SpanRequest, work: (span: OpenSpan) => Promise<Outcome>): Promise<Outcome>;
  /** Spans within the work are parts of the caller's span. */
  withParent<Outcome>(parent: string, work: () => Outcome): Outcome;
  /** The span that the work at hand is a part of. */
  traceparent(): string | undefined;
}

const NO_SPAN: OpenSpan = { set: () => undefined, fail: () => undefined };

let tracer: Tracer | undefined;

/** One per thread. */
export function collectSpans(by: Tracer): void {
  tracer = by;
}

export function inSpan<Outcome>(
  request: SpanRequest,
  work: (span: OpenSpan) => Promise<Outcome>,
): Promise<Outcome> {
  return tracer === undefined ? work(NO_SPAN) : tracer.inSpan(request, work);
}

export function withParent<Outcome>(parent: unknown, work: () => Outcome): Outcome {
  return tracer === undefined || typeof parent !== 'string' ? work() : tracer.withParent(parent, work);
}

export function traceparent(): string | undefined {
  return tracer?.traceparent();
}
