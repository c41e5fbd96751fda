import { readFileSync } from 'node:fs';

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

/** Resident memory of a process, in megabytes. Linux only. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Milliseconds of processor time that a process has used, in steps of ten. Linux only. */
export function processorTimeOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
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
