// Nothing runs this. It makes tsc compare what the kernel exports with the types that TypeScript calls it by.
import type { KernelFunctions, WalkFunctions } from '../kernel-functions.ts';
import * as kernel from './index';

type Functions = KernelFunctions & WalkFunctions;

/** Does not compile if a function is missing, or takes more numbers than TypeScript gives it. */
export const called: Functions = kernel;

/** Does not compile if a function takes fewer numbers than TypeScript gives it. */
export function exported(functions: Functions): {
  readonly [Name in keyof Functions]: (typeof kernel)[Name];
} {
  return functions;
}
