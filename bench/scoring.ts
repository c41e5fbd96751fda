/**
 * Scoring and explaining beside XGBoost and shap. Prints, and writes to `bench/RESULTS-SCORING.md`, medians of wall and user
 * CPU time and the ratios. Arguments: number of turns (default 7) and names of workloads (default all). PEERS_PYTHON names
 * a Python with xgboost, shap and numpy.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';
import { type Comparison, summaryOf } from './comparison.ts';
import { compareScoring, type ScoringWorkload } from './scoring-turns.ts';

const WORKLOADS: readonly ScoringWorkload[] = [
  { name: 'small', rows: 400_000, features: 6, maxDepth: 6 },
  { name: 'large', rows: 4_000_000, features: 11, maxDepth: 8 },
];

function lineOf(comparison: Comparison): string {
  const cells = (['wall', 'cpu'] as const).flatMap((figure) => {
    const { ours, theirs, ratio } = summaryOf(comparison, figure);
    return [ours.toFixed(3), theirs.toFixed(3), ratio.toFixed(2)];
  });
  return `| ${[comparison.work, comparison.peer, ...cells].join(' | ')} |`;
}

const [turnsText = '7', ...names] = process.argv.slice(2);
const rows: string[] = [];
for (const workload of WORKLOADS) {
  if (names.length > 0 && !names.includes(workload.name)) continue;
  rows.push(...(await compareScoring(workload, Number(turnsText))).map(lineOf));
}
const text = [
  '# Benchmarks of scoring and explaining',
  '',
  `Medians of ${turnsText} turns, with the same trees: XGBoost trained them. Made by \`npm run bench:scoring -- ${process.argv.slice(2).join(' ')}\` on ${new Date().toISOString().slice(0, 10)}.`,
  '',
  `Machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)} at the end. Node ${process.versions.node}.`,
  '',
  '| work | peer | our wall s | their wall s | ratio | our CPU s | their CPU s | ratio |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
  '',
].join('\n');
process.stdout.write(text);
writeFileSync(join(packageRoot(), 'bench', 'RESULTS-SCORING.md'), text);
