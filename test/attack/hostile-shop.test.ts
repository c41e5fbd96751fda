/** A shop whose customers and suppliers chose every text to do harm in a spreadsheet or in a chat. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { newTestHome } from '../helpers/snapshot.ts';
import { pathsIn } from './home-state.ts';
import { HOSTILE, writeHostileShop } from './hostile-shop.ts';
import { runHere } from './program-here.ts';
import { TIMEOUT_MS } from './scale.ts';

const SMALL = { params: { n_estimators: 3 } };
const PLAN = { name: HOSTILE.campaign, contact_cost: 0.1, offer_cost: 1, margin: 0.4, success_rate: 0.3 };

/** Every text that the commands printed, and the home folder with all files that they wrote. */
let printed: string[];
let home: string;
beforeAll(async () => {
  vi.stubEnv('CHURN_MCP_SHOW_CONTACTS', 'true');
  const folder = await newTestHome();
  home = join(folder, 'home');
  mkdirSync(home);
  printed = [];
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runHere(args, home);
    expect([args.join(' '), code, stderr]).toEqual([
      args.join(' '),
      0,
      expect.not.stringContaining('failed'),
    ]);
    printed.push(stdout);
    return stdout;
  };
  const call = (tool: string, args: object) => run('call', tool, JSON.stringify(args));
  await run(...writeHostileShop(folder));
  await call('train_churn_model', { label: 'forward', horizon_days: 60, ...SMALL });
  await call('train_recommendation_model', SMALL);
  await call('get_shop_overview', {});
  for (const form of ['csv', 'xlsx']) {
    await call('get_at_risk_customers', { limit: 5, export: form });
    await call('find_customers', { limit: 5, export: form });
    await call('get_product_recommendations', { for: 'at_risk', export: form });
    await call('get_cohort_retention', { by: 'customer_segment', export: form });
    await run(
      'score',
      '--model',
      'customer_churn_forecast',
      '--out',
      join(home, `s.${form}`),
      '--reasons',
      '--offers',
    );
    await run('recommend', '--n-products', '2', '--out', join(home, `r.${form}`));
  }
  await call('explain_churn_risk', { customer_id: HOSTILE.customer });
  await call('get_product_recommendations', { product: HOSTILE.product });
  await call('find_customers', { filter: { bought: HOSTILE.product } });
  const campaign = /c_\d{8}_\d{6}_[0-9a-f]{4}/.exec(await call('plan_campaign', PLAN))?.[0];
  await call('start_campaign', { campaign_id: campaign, contact_date: HOSTILE.lastDay });
  await call('get_campaign_results', { campaign_id: campaign });
  await call('get_campaign_results', {});
}, TIMEOUT_MS);

/** Cells as RFC 4180 has them, and as a spreadsheet sees them that takes this separator. */
function cellsOf(text: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"' && isQuoted && text[i + 1] === '"') cell += text[++i];
    else if (c === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (!isQuoted && (c === separator || c === '\n')) {
      cells.push(cell);
      cell = '';
    } else cell += c;
  }
  return [...cells, cell];
}

/** Judged by another rule than the product's: only what holds nothing but digits and their punctuation may begin so. */
function isFormula(cell: string): boolean {
  return /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^[+-]?[\d ()./-]*[\d)]$/.test(cell);
}

describe('a shop with hostile texts', () => {
  it('puts no formula into any CSV file, whether cells are separated by commas or semicolons', () => {
    const files = pathsIn(home).filter((path) => path.endsWith('.csv'));
    // Lists, scores, offers, cohorts, four contact lists and the rejected rows.
    expect(files.length).toBeGreaterThanOrEqual(11);
    const found = files.flatMap((path) => {
      const text = readFileSync(join(home, path), 'utf8');
      return [',', ';'].flatMap((separator) =>
        cellsOf(text, separator)
          .filter(isFormula)
          .map((cell) => `${path}: ${cell.slice(0, 80)}`),
      );
    });
    expect(found).toEqual([]);
  });

  it('keeps phone numbers as they are, so that a mail tool can import them', () => {
    const lists = pathsIn(home).filter((path) => /contacts.*\.csv$/.test(path));
    expect(lists).toHaveLength(4);
    for (const path of lists) {
      expect(readFileSync(join(home, path), 'utf8')).toMatch(/[,"]\+49 \(170\) 123-45\d\d[,"\n]/);
    }
  });

  it('puts no formula into any workbook', () => {
    const files = pathsIn(home).filter((path) => path.endsWith('.xlsx'));
    expect(files.length).toBeGreaterThanOrEqual(7);
    for (const path of files) {
      for (const part of Object.values(unzipSync(readFileSync(join(home, path))))) {
        expect(new TextDecoder().decode(part)).not.toMatch(/<f[ >]|<hyperlink/);
      }
    }
  });

  it('shows no link, image, heading, HTML or code block in any answer', () => {
    const lines = printed.join('\n').split('\n');
    expect(lines.filter((line) => line.includes('evil.example')).length).toBeGreaterThan(20);
    const markup = /(?<!\\)(?:\]\(|<img|<https?:)|^\s*(?:[-*]|\d+\.)?\s*(?:#{1,6} |```|\[[^\]]+\]:)/;
    expect(lines.filter((line) => markup.test(line))).toEqual([]);
  });
});
