/** What a training takes as the rows grow, ours and the peers': each step ten times or three times the rows of the one before. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TrainingRun, trainOnce } from './train-once.ts';
import { writeTrainingData } from './training-data.ts';

const STEPS = [5_000, 15_000, 50_000, 150_000, 500_000, 1_500_000, 5_000_000];

interface Measured {
  readonly rows: number;
  /** By library. */
  readonly runs: ReadonlyMap<string, TrainingRun>;
}

/** A table of processor seconds by rows, as lines of Markdown: with the exponent of each step, and memory per row. */
export function growthTable(libraries: readonly string[], mostRows: number, turns: number): string[] {
  const steps = STEPS.filter((rows) => rows <= mostRows).map((rows) => measureStep(libraries, rows, turns));
  const lines = steps.map(({ rows, runs }, step) => {
    const cells = libraries.map((library) => {
      const { cpu } = runOf(runs, library);
      const before = steps[step - 1];
      if (before === undefined) return `${cpu.toFixed(2)} (–)`;
      const grown = cpu / runOf(before.runs, library).cpu;
      return `${cpu.toFixed(2)} (${(Math.log(grown) / Math.log(rows / before.rows)).toFixed(2)})`;
    });
    return `| ${[rows.toLocaleString('en-US'), ...cells].join(' | ')} |`;
  });
  return [
    `| rows × 6 | ${libraries.join(' | ')} |`,
    `|---|${libraries.map(() => '---').join('|')}|`,
    ...lines,
    `| bytes per row | ${libraries.map((library) => bytesPerRow(steps, library)).join(' | ')} |`,
  ];
}

/** The run of each library that took the least processor time: others were disturbed. */
function measureStep(libraries: readonly string[], rows: number, turns: number): Measured {
  const workload = { name: 'growth', rows, features: 6, maxDepth: 6, threads: 1 };
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
  try {
    writeTrainingData(folder, workload);
    const runs = new Map<string, TrainingRun>();
    for (let turn = 0; turn < turns; turn++) {
      for (const library of libraries) {
        const run = trainOnce(library, folder, workload);
        const known = runs.get(library);
        if (known === undefined || run.cpu < known.cpu) runs.set(library, run);
      }
    }
    return { rows, runs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By which the peak of the process grew from the smallest step to the largest, the data themselves included. */
function bytesPerRow(steps: readonly Measured[], library: string): string {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  if (first === last) return '–';
  const grown = runOf(last.runs, library).peakMegabytes - runOf(first.runs, library).peakMegabytes;
  return ((grown * 2 ** 20) / (last.rows - first.rows)).toFixed(0);
}

function runOf(runs: Measured['runs'], library: string): TrainingRun {
  const run = runs.get(library);
  if (run === undefined) throw new Error(`${library} was not measured.`);
  return run;
}
