type Call = (...values: number[]) => void;

/** The functions of `kernel/index.ts`; addresses and counts in, results in memory. */
const KERNEL_FUNCTIONS = [
  'binColumn',
  'computeGradients',
  'quantizeGradients',
  'buildRoot',
  'buildByteLevel',
  'buildWordLevel',
  'reduce',
  'subtract',
  'findBestSplit',
  'sumByteLeaves',
  'sumWordLeaves',
  'addByteLeafValues',
  'addWordLeafValues',
] as const;
export type KernelExports = Readonly<Record<(typeof KERNEL_FUNCTIONS)[number], Call>>;

/** Checks by hand that a module is our kernel: a training thread would take longer to load zod than to load this. */
export function assertKernelExports(exports: object): asserts exports is KernelExports {
  const found = new Map<string, unknown>(Object.entries(exports));
  const missing = KERNEL_FUNCTIONS.filter((name) => typeof found.get(name) !== 'function');
  if (missing.length > 0) throw new TypeError(`the kernel lacks ${missing.join(', ')}`);
}
