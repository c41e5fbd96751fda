/**
 * Recommendations beside published recommenders, on several days of several shops. Writes `bench/RESULTS-RECOMMEND.md`, and
 * keeps what stands there from the notes on.
 *
 * Flags: `--shops "Online Retail,demo"` (all by default), `--cutoffs 5` (days per shop), `--out FILE`, `--threads 2`.
 * PEERS_PYTHON names a Python that has numpy and scipy; without it there are no peers.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { DataSource } from '../src/data/data-source.ts';
import { packageRoot } from '../src/package-root.ts';
import { openRegistry } from '../src/registry/file-registry.ts';
import { createBoosterTrainer } from '../src/training/backend/booster-pool.ts';
import { rollRecommendations } from '../src/training/rolling-origin.ts';
import { notesOf } from './notes.ts';
import { type RankingTrial, resultsText } from './recommend/results.ts';
import { rankedShops } from './recommend/shops.ts';

const HORIZON_DAYS = 30;
const { values: flags } = parseArgs({
  options: {
    shops: { type: 'string' },
    cutoffs: { type: 'string', default: '5' },
    out: { type: 'string', default: join(packageRoot(), 'bench', 'RESULTS-RECOMMEND.md') },
    threads: { type: 'string', default: '2' },
  },
});
const wanted = flags.shops?.split(',');
const shops = rankedShops().filter(({ name }) => wanted === undefined || wanted.includes(name));
if (shops.length === 0) throw new Error('No shop has such a name: look into bench/recommend/shops.ts.');

const work = mkdtempSync(join(tmpdir(), 'churn-mcp-bench-'));
const trainer = createBoosterTrainer({ threads: Number(flags.threads) });
const trials: RankingTrial[] = [];
const notes = notesOf(flags.out);
try {
  for (const shop of shops) {
    await using opened = await shop.open(work);
    const now = () => new Date(0);
    const registry = openRegistry(join(opened.home, 'models'), { now });
    const request = { cutoffs: Number(flags.cutoffs), horizonDays: HORIZON_DAYS };
    const days = await rollRecommendations(request, opened.data, { registry, trainer, now });
    const peers = await peersOn(
      opened.data,
      days.map(({ cutoff }) => cutoff),
    );
    for (const { cutoff, ranking, logLoss, said, bought, bands } of days) {
      const trial = {
        shop: shop.name,
        cutoff,
        ours: ranking.model,
        logLoss,
        saidOverBought: said / bought,
        bands,
      };
      trials.push({ ...trial, peers: peers.get(cutoff) ?? {} });
      process.stdout.write(`${JSON.stringify(trials.at(-1))}\n`);
    }
    writeFileSync(flags.out, `${resultsText(trials)}${notes}`);
  }
} finally {
  await trainer[Symbol.asyncDispose]?.();
  rmSync(work, { recursive: true, force: true });
}

/** The peers' figures by cutoff, on the order lines as they were imported. */
async function peersOn(data: DataSource, cutoffs: readonly string[]) {
  const python = process.env.PEERS_PYTHON;
  if (python === undefined) return new Map<string, RankingTrial['peers']>();
  const file = join(work, 'lines.csv');
  const lines = await data.columns({
    text: 'select distinct orders.customer_id, order_items.product_id, cast(cast(orders.order_date as date) as varchar) as day from raw.order_items inner join raw.orders on raw.order_items.order_id = raw.orders.order_id order by all',
    values: [],
  });
  const [customers, products, days] = [lines.ids('customer_id'), lines.ids('product_id'), lines.text('day')];
  const rows = customers.map((customer, row) => `${customer},${products[row]},${days[row]}`);
  writeFileSync(file, ['customer,product,day', ...rows, ''].join('\n'));
  const script = join(packageRoot(), 'bench', 'peers', 'recommend_peers.py');
  const output = execFileSync(python, [script, file, String(HORIZON_DAYS), ...cutoffs], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const figures = output.trim().split('\n').map(readPeers);
  return new Map(figures.map((day) => [day.cutoff, day.figures]));
}

function readPeers(line: string) {
  const figure = z.number();
  return z
    .object({
      cutoff: z.string(),
      figures: z.record(
        z.string(),
        z.object({
          hit_rate_at_5: figure,
          recall_at_10: figure,
          ndcg_at_10: figure,
          new_hit_rate_at_5: figure,
          new_recall_at_10: figure,
        }),
      ),
    })
    .parse(JSON.parse(line));
}
