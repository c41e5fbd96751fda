import type * as OnnxRuntime from 'onnxruntime-node';

/**
 * Loads the ONNX runtime, silent, at the first call: a server that scores nothing starts without it. The runtime has its
 * own telemetry, which keeps an id in the user's cache folder and reports to its maker. churn-mcp sends nothing anywhere, so
 * it switches the telemetry off before the native library reads the setting.
 */
export async function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = await import('onnxruntime-node');
  runtime.env.logLevel = 'fatal';
  return runtime;
}
