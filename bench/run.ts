/**
 * Side-by-side benchmarks of training: ours, XGBoost and LightGBM take turns in every run, so that all meet the same
 * load of the machine. Prints, and writes to `bench/RESULTS.md`, medians and ratios to ours. Arguments: number of runs (default 5)
 * and names of workloads (default all). The peers run if PEERS_PYTHON names a Python that has them.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';
import { median } from './median.ts';
import { type TrainingRun as Run, trainOnce, type TrainingWorkload as Workload } from './train-once.ts';
import { writeTrainingData } from './training-data.ts';

const WORKLOADS: readonly Workload[] = [
  { name: 'small-1', rows: 400_000, features: 6, maxDepth: 6, threads: 1 },
  { name: 'small-2', rows: 400_000, features: 6, maxDepth: 6, threads: 2 },
  { name: 'large-1', rows: 4_000_000, features: 11, maxDepth: 8, threads: 1 },
  { name: 'large-2', rows: 4_000_000, features: 11, maxDepth: 8, threads: 2 },
  ...[50_000, 200_000, 1_000_000, 5_000_000].map((rows) => ({
    name: `rows-${rows}`,
    rows,
    features: 6,
    maxDepth: 6,
    threads: 2,
  })),
];

const root = packageRoot();
const python = process.env.PEERS_PYTHON;
const LIBRARIES = ['churn-mcp', ...(python === undefined ? [] : ['xgboost', 'lightgbm'])];

function benchmark(workload: Workload, runs: number): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
  try {
    writeTrainingData(folder, workload);
    const results = new Map<string, Run[]>(LIBRARIES.map((library) => [library, []]));
    for (let run = 0; run < runs; run++) {
      for (const library of LIBRARIES) results.get(library)?.push(trainOnce(library, folder, workload));
    }
    const ours = results.get('churn-mcp') ?? [];
    return [...results].map(([library, own]) => {
      const ratioOf = (figure: 'wall' | 'scoring') =>
        library === 'churn-mcp' ? '' : median(own.map((run, i) => ours[i][figure] / run[figure])).toFixed(2);
      const cells = [
        library,
        median(own.map(({ wall }) => wall)).toFixed(2),
        median(own.map(({ cpu }) => cpu)).toFixed(2),
        median(own.map(({ peakMegabytes }) => peakMegabytes)).toFixed(0),
        median(own.map(({ auc }) => auc)).toFixed(4),
        ratioOf('wall'),
        median(own.map(({ scoring }) => scoring)).toFixed(2),
        ratioOf('scoring'),
      ];
      return `| ${cells.join(' | ')} |`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [runsText = '5', ...names] = process.argv.slice(2);
const chosen = WORKLOADS.filter(({ name }) => names.length === 0 || names.includes(name));
const sections = chosen.flatMap((workload) => {
  const { name, rows, features, maxDepth, threads } = workload;
  const title = `${name}: ${rows.toLocaleString('en-US')} rows × ${features} features, 100 trees of depth ${maxDepth}, ${threads} thread${threads > 1 ? 's' : ''}`;
  const section = [
    `## ${title}`,
    '',
    '| library | wall s | CPU s | peak MB | ROC-AUC (training rows) | our wall / theirs | scoring all rows s | our scoring / theirs |',
    '|---|---|---|---|---|---|---|---|',
    ...benchmark(workload, Number(runsText)),
    '',
  ];
  process.stdout.write(`${section.join('\n')}\n`);
  return section;
});

const versions =
  python === undefined
    ? []
    : execFileSync(python, [
        '-c',
        'import xgboost, lightgbm; print("xgboost", xgboost.__version__, "lightgbm", lightgbm.__version__)',
      ])
        .toString('utf8')
        .trim();
const head = [
  '# Benchmarks of training',
  '',
  `Medians of ${runsText} interleaved runs, each in a process of its own, from the raw matrix to the model. Made by \`npm run bench -- ${process.argv.slice(2).join(' ')}\`.`,
  '',
  `Machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores. Node ${process.versions.node}. ${versions}`,
  '',
];
writeFileSync(join(root, 'bench', 'RESULTS.md'), [...head, ...sections].join('\n'));
