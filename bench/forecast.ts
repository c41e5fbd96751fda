/**
 * How forecasts turn out: trains as of many days of many shops, and compares what was said with what then happened.
 * Writes `bench/RESULTS-FORECAST.md`.
 *
 * Flags: `--shops flat,demo` (kinds or names, all by default), `--cutoffs 3` (a shop at most), `--out FILE`,
 * `--json FILE` (every trial, one line each), `--threads 2`.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/package-root.ts';
import { createBoosterTrainer } from '../src/training/backend/booster-pool.ts';
import { resultsText, trialLine } from './forecast/results.ts';
import { benchShops } from './forecast/shops.ts';
import { runTrial, type Trial } from './forecast/trial.ts';

const { values: flags } = parseArgs({
  options: {
    shops: { type: 'string' },
    cutoffs: { type: 'string', default: '100' },
    out: { type: 'string', default: join(packageRoot(), 'bench', 'RESULTS-FORECAST.md') },
    json: { type: 'string' },
    threads: { type: 'string', default: '1' },
  },
});
const wanted = flags.shops?.split(',');
const shops = benchShops(Number(flags.cutoffs)).filter(
  ({ name, kind }) => wanted === undefined || wanted.includes(name) || wanted.includes(kind),
);
if (shops.length === 0) throw new Error('No shop has such a name: look into bench/forecast/shop-laws.ts.');

const work = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
const trainer = createBoosterTrainer({ threads: Number(flags.threads) });
const trials: Trial[] = [];
try {
  for (const shop of shops) {
    await using opened = await shop.open(work);
    for (const cutoff of shop.cutoffs) {
      const trial = await runTrial(shop, cutoff, opened, trainer);
      trials.push(trial);
      process.stdout.write(`${trialLine(trial)}\n`);
      if (flags.json !== undefined) appendFileSync(flags.json, `${JSON.stringify(trial)}\n`);
    }
  }
  const text = resultsText(trials);
  process.stdout.write(`${text}\n`);
  writeFileSync(flags.out, text);
} finally {
  await trainer[Symbol.asyncDispose]?.();
  rmSync(work, { recursive: true, force: true });
}
