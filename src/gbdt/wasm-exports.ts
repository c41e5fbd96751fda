import { z } from 'zod';

type Call = (...values: number[]) => void;

const callSchema = z.custom<Call>((value) => typeof value === 'function');

/** The functions of `kernel/index.ts`; addresses and counts in, results in memory. */
export const kernelExportsSchema = z.object({
  binColumn: callSchema,
  computeGradients: callSchema,
  quantizeGradients: callSchema,
  buildRoot: callSchema,
  buildByteLevel: callSchema,
  buildWordLevel: callSchema,
  reduce: callSchema,
  subtract: callSchema,
  findBestSplit: callSchema,
  sumByteLeaves: callSchema,
  sumWordLeaves: callSchema,
  addByteLeafValues: callSchema,
  addWordLeafValues: callSchema,
});
export type KernelExports = z.infer<typeof kernelExportsSchema>;
