import type * as OnnxRuntime from 'onnxruntime-node';

/**
 * Loads the ONNX runtime, silent, at the first call: a server that scores nothing starts without it. The runtime has a telemetry of its own, which keeps an id in the user's
 * cache folder and reports to its maker; nothing that churn-mcp does is anybody else's business, so it is switched off
 * before the native library can look.
 */
export async function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = await import('onnxruntime-node');
  runtime.env.logLevel = 'fatal';
  return runtime;
}
