import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** Compiles the kernel of the build. Instances of one module share its machine code, also across threads. */
export async function compileKernel(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(kernelPath()));
}

/** The same for callers that cannot wait: it takes some milliseconds. */
export function compileKernelSync(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(kernelPath()));
}

function kernelPath(): string {
  return join(packageRoot(), 'dist', 'kernel.wasm');
}

/** Checks by hand that a module is our kernel: a training thread would take longer to load zod than to load this. */
export function assertKernel<Functions extends object>(
  exports: object,
  names: Readonly<Record<keyof Functions, true>>,
): asserts exports is Functions {
  const found = new Map<string, unknown>(Object.entries(exports));
  const missing = Object.keys(names).filter((name) => typeof found.get(name) !== 'function');
  if (missing.length > 0) throw new TypeError(`the kernel lacks ${missing.join(', ')}`);
}
