import { readTelemetryConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { collectSpans } from '../tracing.ts';
import { programVersion } from './program-version.ts';

/**
 * Collects the spans of this thread from now on, if a collector is configured. Nothing of OpenTelemetry is imported otherwise.
 *
 * @throws INVALID_CONFIG
 */
export async function startTracing(): Promise<AsyncDisposable | undefined> {
  const config = readTelemetryConfig();
  if (config === undefined) return undefined;
  const { OtlpTracer } = await import('../telemetry/otlp-tracer.ts');
  const onFailure = (cause: string) => createLog('error').error('traces cannot be sent', { cause });
  const tracer = new OtlpTracer({ ...config, version: programVersion(), onFailure });
  collectSpans(tracer);
  return tracer;
}
