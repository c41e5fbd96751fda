import { readdirSync, readFileSync } from 'node:fs';

/** Times and problems of calls, by tool. */
export class Figures {
  readonly times = new Map<string, number[]>();
  readonly problems = new Map<string, number>();
  calls = 0;

  add(tool: string, ms: number, problem: string | undefined): void {
    this.calls++;
    const times = this.times.get(tool) ?? [];
    times.push(ms);
    this.times.set(tool, times);
    if (problem !== undefined) this.note(`${tool}: ${problem}`);
  }

  note(problem: string): void {
    const short = problem.slice(0, 300);
    this.problems.set(short, (this.problems.get(short) ?? 0) + 1);
  }
}

/** @param share 0.99 for the 99th percentile */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Resident memory of a process and of those that it started, in megabytes. Linux only. */
export function memoryOf(pid: number): { readonly own: number; readonly all: number } {
  const own = residentOf(pid);
  return { own, all: childrenOf(pid).reduce((sum, child) => sum + memoryOf(child).all, own) };
}

function residentOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/**
 * Milliseconds of processor time that a process, and those that it started, have used, in steps of ten. Those that have ended
 * count too. Linux only.
 */
export function processorTimeOf(pid: number): number {
  const fields = readIfThere(`/proc/${pid}/stat`).split(') ').at(1)?.split(' ') ?? [];
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + 10 * Number(ticks), 0);
  return childrenOf(pid).reduce((sum, child) => sum + processorTimeOf(child), own);
}

function childrenOf(pid: number): number[] {
  let threads: string[] = [];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended.
  }
  const lists = threads.map((thread) => readIfThere(`/proc/${pid}/task/${thread}/children`));
  return [...lists.join(' ').matchAll(/\d+/g)].map(([id]) => Number(id));
}

/** Threads and processes end at any moment. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** By how much a value rises per minute: the slope of the least squares over samples a second apart. */
export function slopePerMinute(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  let [products, squares] = [0, 0];
  for (const [at, value] of samples.entries()) {
    products += (at - middle) * (value - mean);
    squares += (at - middle) ** 2;
  }
  return squares === 0 ? 0 : (60 * products) / squares;
}
