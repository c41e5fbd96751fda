import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** OpenTelemetry's own variables. Its exporter reads the others: headers, timeouts, certificates. */
export interface TelemetryVariables {
  readonly OTEL_SDK_DISABLED?: string | undefined;
  readonly OTEL_TRACES_EXPORTER?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_PROTOCOL?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_PROTOCOL?: string | undefined;
  readonly OTEL_TRACES_SAMPLER?: string | undefined;
  readonly OTEL_TRACES_SAMPLER_ARG?: string | undefined;
  readonly OTEL_BSP_SCHEDULE_DELAY?: string | undefined;
}

export interface TelemetryConfig {
  /** The share of traces that begin here and are collected; a caller's decision stands. */
  readonly ratio: number;
  /** How long a span waits for others that are sent with it. */
  readonly delayMs: number;
}

const DEFAULT_DELAY_MS = 1000;
const PROTOCOL = 'http/protobuf';
const ALWAYS = ['', 'always_on', 'parentbased_always_on'];
const NEVER = ['always_off', 'parentbased_always_off'];
const RATIO = ['traceidratio', 'parentbased_traceidratio'];

/** @returns undefined if no traces are wanted @throws INVALID_CONFIG, naming the variable */
export function parseTelemetryConfig(variables: TelemetryVariables): TelemetryConfig | undefined {
  const value = (name: keyof TelemetryVariables) => variables[name]?.trim() ?? '';
  const endpoint = value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || value('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === '' || value('OTEL_SDK_DISABLED').toLowerCase() === 'true') return undefined;
  if (value('OTEL_TRACES_EXPORTER') === 'none') return undefined;
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw invalid(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      endpoint,
      'Give the address of a collector, such as http://127.0.0.1:4318.',
    );
  }
  const protocol = value('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || value('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol !== '' && protocol !== PROTOCOL) {
    throw invalid(
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      protocol,
      `Traces are sent as ${PROTOCOL}. Collectors take it at port 4318.`,
    );
  }
  return {
    ratio: ratioOf(value('OTEL_TRACES_SAMPLER'), value('OTEL_TRACES_SAMPLER_ARG')),
    delayMs: delayOf(value('OTEL_BSP_SCHEDULE_DELAY')),
  };
}

function ratioOf(sampler: string, argument: string): number {
  if (ALWAYS.includes(sampler)) return 1;
  if (NEVER.includes(sampler)) return 0;
  if (!RATIO.includes(sampler)) {
    throw invalid(
      'OTEL_TRACES_SAMPLER',
      sampler,
      `Samplers are ${[...ALWAYS, ...NEVER, ...RATIO].slice(1).join(', ')}.`,
    );
  }
  const ratio = argument === '' ? 1 : Number(argument);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw invalid('OTEL_TRACES_SAMPLER_ARG', argument, 'Give a share between 0 and 1.');
}

function delayOf(text: string): number {
  if (text === '') return DEFAULT_DELAY_MS;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw invalid('OTEL_BSP_SCHEDULE_DELAY', text, 'Give milliseconds as a whole number.');
}

function invalid(name: string, value: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_CONFIG', `${name} is ${quoted(value)}, which cannot be used.`, { hint });
}
