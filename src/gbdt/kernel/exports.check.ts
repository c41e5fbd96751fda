// Nothing runs this. It makes tsc compare what the kernel exports with the types that gbdt/wasm-kernel.ts calls it by.
import type { KernelFunctions } from '../kernel-functions.ts';
import * as kernel from './index';

/** Does not compile if a function is missing, or takes more numbers than TypeScript gives it. */
export const called: KernelFunctions = kernel;

/** Does not compile if a function takes fewer numbers than TypeScript gives it. */
export function exported(functions: KernelFunctions): {
  readonly [Name in keyof KernelFunctions]: (typeof kernel)[Name];
} {
  return functions;
}
