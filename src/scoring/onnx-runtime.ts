import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as OnnxRuntime from 'onnxruntime-node';
import { isInstalled, loadOptional } from '../optional-package.ts';
import { packageRoot } from '../package-root.ts';

/**
 * Loads the ONNX runtime, silent, at the first call: a server that scores nothing starts without it. The runtime has its
 * own telemetry, which keeps an id in the user's cache folder and reports to its maker. churn-mcp sends nothing anywhere, so
 * it switches the telemetry off before the native library reads the setting.
 * @throws PACKAGE_MISSING if the installation has none for this platform
 */
export async function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = await findRuntime();
  runtime.env.logLevel = 'fatal';
  return runtime;
}

/** The part for this platform comes within churn-mcp, or beside it in a package of ours; else the whole may have been added. */
async function findRuntime(): Promise<typeof OnnxRuntime> {
  const within = join(packageRoot(), 'onnxruntime');
  const beside = `@churn-mcp/onnxruntime-${process.platform}-${process.arch}`;
  const load = createRequire(import.meta.url);
  if (existsSync(join(within, 'bin', 'napi-v6', process.platform, process.arch))) return load(within);
  if (isInstalled(beside)) return load(beside);
  return loadOptional('onnxruntime-node', () => import('onnxruntime-node'));
}
