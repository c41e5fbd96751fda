/** Sends spans to a collector of OpenTelemetry. Imported only if one is configured. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { codeOf } from '../errors.ts';
import type { OpenSpan, SpanAttributes, SpanRequest, Tracer } from '../tracing.ts';
import type { TelemetryConfig } from './telemetry-config.ts';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;
/** A collector that does not answer delays the end of the process by so much at most. */
const FLUSH_MS = 2000;

export interface OtlpTracerOptions extends TelemetryConfig {
  readonly version: string;
  /** Told once if spans cannot be sent; work goes on. */
  readonly onFailure: (cause: string) => void;
}

export class OtlpTracer implements Tracer, AsyncDisposable {
  readonly #provider: TracerProvider;
  readonly #tracer: ReturnType<TracerProvider['getTracer']>;
  readonly #current = new AsyncLocalStorage<Context>();
  readonly #propagator = new W3CTraceContextPropagator();

  constructor({ ratio, delayMs, version, onFailure }: OtlpTracerOptions) {
    let isTold = false;
    setGlobalErrorHandler((cause) => {
      if (!isTold) onFailure(typeof cause === 'string' ? cause : String(Object(cause).message ?? cause));
      isTold = true;
    });
    const own = resourceFromAttributes({ 'service.name': 'churn-mcp', 'service.version': version });
    this.#provider = new TracerProvider({
      resource: defaultResource()
        .merge(own)
        .merge(detectResources({ detectors: [envDetector] })),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      spanProcessors: [
        new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: delayMs }),
      ],
    });
    this.#tracer = this.#provider.getTracer('churn-mcp', version);
  }

  async inSpan<Outcome>(
    { name, kind, attributes = {}, parent }: SpanRequest,
    work: (span: OpenSpan) => Promise<Outcome>,
  ): Promise<Outcome> {
    const context = parent === undefined ? this.#context : this.#contextOf(parent);
    const spanKind = kind === undefined ? SpanKind.INTERNAL : KINDS[kind];
    const span = this.#tracer.startSpan(name, { kind: spanKind, attributes: known(attributes) }, context);
    try {
      const open = {
        set: (more: SpanAttributes) => void span.setAttributes(known(more)),
        fail: failing(span),
      };
      return await this.#current.run(trace.setSpan(context, span), () => work(open));
    } catch (error) {
      failing(span)(codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  withParent<Outcome>(parent: string, work: () => Outcome): Outcome {
    return this.#current.run(this.#contextOf(parent), work);
  }

  traceparent(): string | undefined {
    const carrier: Record<string, string> = {};
    this.#propagator.inject(this.#context, carrier, defaultTextMapSetter);
    return carrier.traceparent;
  }

  /** Sends what is left. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref());
    await Promise.race([this.#provider.shutdown().catch(() => undefined), late]);
  }

  get #context(): Context {
    return this.#current.getStore() ?? ROOT_CONTEXT;
  }

  /** A text that is no `traceparent` changes nothing. */
  #contextOf(traceparent: string): Context {
    const extracted = this.#propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
    return trace.getSpanContext(extracted) === undefined ? this.#context : extracted;
  }
}

function failing(span: Span) {
  return (errorType: string) => {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  };
}

function known(attributes: SpanAttributes): Record<string, string | number | boolean> {
  const entries = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
