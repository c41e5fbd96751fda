/**
 * The whole road at a shop's size, each step a process of its own: imports from Parquet and from gzipped CSV beside DuckDB's own copies, orders
 * to a registered model beside the Python road, batch scoring, lists, serving. Writes `bench/RESULTS-SHOP.md`, and keeps what
 * stands there from the notes on.
 *
 * Arguments: a folder with `orders.parquet`, `order_items.parquet`, `customers.parquet` and `product_catalog.parquet`, and
 * the number of runs (default 3). The Python road runs if PEERS_PYTHON names a Python that has its libraries.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { quoteLiteral } from '../src/data/duckdb/sql-quoting.ts';
import { packageRoot } from '../src/package-root.ts';
import { median } from './median.ts';
import { notesOf } from './notes.ts';

const [folder = '', runsText = '3'] = process.argv.slice(2);
const runs = Number(runsText);
const root = packageRoot();
const python = process.env.PEERS_PYTHON;
const threads = availableParallelism();
const now = new Date().toISOString().slice(0, 10);
const load = loadavg()[0].toFixed(1);
const file = (table: string) => join(folder, `${table}.parquet`);

interface Cost {
  readonly seconds: number;
  /** Of all its threads, in the kernel and outside. */
  readonly processorSeconds: number;
  readonly megabytes: number;
}

/** Wall and processor time, start of the process included, and the largest resident size, as the operating system counts them. */
function cost(command: string, args: readonly string[]): Cost {
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', command, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr.slice(-2000));
  const numbers = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  const [seconds, user, system, kilobytes] = z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .parse(numbers);
  const costs = { seconds, processorSeconds: user + system, megabytes: kilobytes / 1024 };
  // All of it takes minutes: what is done is told as it is done.
  process.stderr.write(`${args.slice(1, 4).join(' ')}: ${JSON.stringify(costs)}\n`);
  return costs;
}

/** A shop's four files of one format. */
interface Files {
  readonly folder: string;
  readonly ending: 'parquet' | 'csv.gz';
}

interface Imported {
  readonly copied: Cost;
  readonly imported: Cost;
}

const churnMcp = (...args: readonly string[]) =>
  cost(process.execPath, [join(root, 'dist', 'cli.js'), ...args]);

const TABLES = ['orders', 'order_items', 'customers', 'product_catalog'] as const;

/** The same tables as gzipped text: four files in `into`. */
async function writeCsv(into: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  for (const table of TABLES) {
    await connection.run(
      `copy (from read_parquet(${quoteLiteral(file(table))})) to ${quoteLiteral(join(into, `${table}.csv.gz`))} (format csv, header, compression gzip)`,
    );
  }
  connection.closeSync();
  instance.closeSync();
}

/** DuckDB's own copy of four files, and the import of the same ones, each into a place of its own that is removed first. */
function copyAndImport(files: Files, database: string, home: string): Imported {
  rmSync(database, { force: true });
  rmSync(home, { recursive: true, force: true });
  const copy = join(root, 'dist', 'bench', 'shop-copy.js');
  const copied = cost(process.execPath, [
    copy,
    files.ending,
    files.folder,
    database,
    String(threads),
    ...TABLES,
  ]);
  const [orders, lines, customers, products] = TABLES.map((table) =>
    join(files.folder, `${table}.${files.ending}`),
  );
  const imported = churnMcp(
    ...['import', '--home', home, '--quiet', '--orders', String(orders), '--order-items', String(lines)],
    ...['--customers', String(customers), '--products', String(products)],
  );
  return { copied, imported };
}

/** Rows of the table: the copy, the import, and how many times the copy's cost that is. */
function importRows(format: string, turns: readonly Imported[]): string[] {
  const times = (part: 'seconds' | 'processorSeconds') =>
    median(turns.map(({ copied, imported }) => imported[part] / copied[part])).toFixed(2);
  return [
    row(
      `DuckDB's own copy of the four files into a database, ${format}`,
      turns.map(({ copied }) => copied),
    ),
    row(
      `\`import\` of the four files, ${format}`,
      turns.map(({ imported }) => imported),
    ),
    `| the import in copies, ${format} | ${times('seconds')} × | ${times('processorSeconds')} × | |`,
  ];
}

function row(what: string, costs: readonly Cost[]): string {
  const seconds = median(costs.map((one) => one.seconds)).toFixed(1);
  const processor = median(costs.map((one) => one.processorSeconds)).toFixed(1);
  return `| ${what} | ${seconds} | ${processor} | ${Math.max(...costs.map((one) => one.megabytes)).toFixed(0)} |`;
}

const work = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
try {
  const home = join(work, 'home');
  const database = join(work, 'copy.duckdb');
  await writeCsv(work);
  const fromCsv: Imported[] = [];
  const fromParquet: Imported[] = [];
  for (let run = 0; run < runs; run++) {
    fromCsv.push(copyAndImport({ folder: work, ending: 'csv.gz' }, database, home));
    // The last one is what the models below learn from.
    fromParquet.push(copyAndImport({ folder, ending: 'parquet' }, database, home));
  }
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(churnMcp('call', 'train_churn_model', '{"label":"inactivity"}', '--home', home, '--quiet'));
    if (python === undefined) continue;
    const script = join(root, 'bench', 'peers', 'python_road.py');
    theirs.push(cost(python, [script, file('orders'), String(threads), join(work, 'model.onnx')]));
  }
  const forward = churnMcp('call', 'train_churn_model', '{"label":"forward"}', '--home', home, '--quiet');
  const products = churnMcp('call', 'train_recommendation_model', '--home', home, '--quiet');
  const scores = Array.from({ length: runs }, () =>
    churnMcp(
      ...['score', '--model', 'customer_churn_predictor', '--home', home, '--quiet'],
      ...['--out', join(work, 'scores.parquet')],
    ),
  );
  const lists = churnMcp(
    'recommend',
    '--home',
    home,
    '--quiet',
    '--n-products',
    '10',
    '--out',
    join(work, 'lists.parquet'),
  );
  const serving = spawnSync(process.execPath, [join(root, 'dist', 'bench', 'serving.js'), home], {
    encoding: 'utf8',
  });
  if (serving.status !== 0) throw new Error(serving.stderr.slice(-2000));
  const text = [
    '# Benchmarks at the size of a shop',
    '',
    `Made by \`npm run bench:shop -- FOLDER ${runs}\`, medians of ${runs} runs, in which we take turns with DuckDB and with Python. Each step is a process of its own, and its start is counted.`,
    '',
    `${now}, ${cpus()[0]?.model ?? 'unknown'}, ${threads} cores, load ${load} when it began. Node ${process.versions.node}.`,
    '',
    '| step | seconds | processor seconds | peak MB |',
    '|---|---|---|---|',
    ...importRows('Parquet', fromParquet),
    ...importRows('gzipped CSV', fromCsv),
    row('`train_churn_model`, label inactivity: imported orders to a registered ONNX model', ours),
    ...(theirs.length > 0 ? [row('Python: orders in Parquet to an ONNX file', theirs)] : []),
    row('`train_churn_model`, label forward', [forward]),
    row('`train_recommendation_model`', [products]),
    row('`score`: every customer, to Parquet', scores),
    row('`recommend --n-products 10`: every customer, to Parquet', [lists]),
    '',
    '`get_product_recommendations` over stdio, and the start of a server:',
    '',
    serving.stdout,
  ].join('\n');
  process.stdout.write(`${text}\n`);
  const results = join(root, 'bench', 'RESULTS-SHOP.md');
  writeFileSync(results, `${text}${notesOf(results)}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
