/** `churn-mcp ingest` as a process of its own, with a sender in another. */
import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { collectCli, runCli, startCli } from '../helpers/cli-process.ts';
import { rowsInLog } from '../helpers/log-rows.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'churn-mcp-ingest-'));
const order = (id: number) =>
  `${JSON.stringify({ kind: 'orders', order_id: `${id}`, customer_id: `c${id % 7}`, order_date: '2026-01-01', total_amount: id })}\n`;
const orders = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => order(from + at)).join('');
const idsIn = async (home: string) => (await rowsInLog(home)).map(({ order_id }) => Number(order_id));
const range = (to: number) => Array.from({ length: to }, (_, at) => at);

async function ingest(home: string, args: readonly string[], input = '') {
  const child = startCli(['ingest', '--no-refresh', ...args], { CHURN_MCP_HOME: home });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return await collectCli(child);
}

describe('churn-mcp ingest', () => {
  it('stores good rows, rejects bad ones with a reason, and skips what is sent again', async () => {
    const home = await newFolder();
    const input = `${orders(0, 3)}{"kind":"orders","order_id":"9","total_amount":"ten"}\nnot json\n`;
    const first = await ingest(home, ['--channel', 'shop', '--acks'], input);
    expect(first.stderr).toMatch(/^Storing rows: 3 so far, [\d,]+ per second\n$/);
    expect(first.stdout).toMatchInlineSnapshot(`
      "{"channel":"shop","offset_token":5,"rows":3,"rejected":2}
      Stored 3 rows in the log of the home folder.
      Rejected 2 rows: log/rejects.ndjson in the home folder says why.
      "
    `);
    expect(await readFile(join(home, 'log', 'rejects.ndjson'), 'utf8')).toMatchInlineSnapshot(`
      "{"channel":"shop","offset":4,"reason":"total_amount is not a number","content":"{\\"kind\\":\\"orders\\",\\"order_id\\":\\"9\\",\\"total_amount\\":\\"ten\\"}"}
      {"channel":"shop","offset":5,"reason":"no JSON","content":"not json"}
      "
    `);
    const again = await ingest(home, ['--channel', 'shop'], `${input}${order(3)}`);
    expect(again.stdout).toMatchInlineSnapshot(`
      "Stored 1 row in the log of the home folder.
      Skipped 5 rows that were stored before.
      "
    `);
    expect(await idsIn(home)).toEqual(range(4));
  });

  it('stores every row once and loses none that it acknowledged, if it is killed again and again', async () => {
    const home = await newFolder();
    const rows = 60_000;
    const input = orders(0, rows);
    let acknowledged = 0;
    for (const lifetime of [250, 350, 450, 300, 400]) {
      const child = startCli(['ingest', '--no-refresh', '--channel', 'shop', '--acks', '-q'], {
        CHURN_MCP_HOME: home,
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      const timer = setTimeout(() => child.kill('SIGKILL'), lifetime);
      const { stdout } = await collectCli(child);
      clearTimeout(timer);
      for (const [, token] of stdout.matchAll(/"offset_token":(\d+).*\n/g)) acknowledged = Number(token);
      expect((await idsIn(home)).length).toBeGreaterThanOrEqual(acknowledged);
    }
    await ingest(home, ['--channel', 'shop', '-q'], input);
    expect(await idsIn(home)).toEqual(range(rows));
  });

  it('reads files and folders on from where it was, as they grow, until Ctrl-C', async () => {
    const [home, folder] = [await newFolder(), await newFolder()];
    const file = join(folder, 'a.ndjson');
    await writeFile(file, orders(0, 2));
    expect((await ingest(home, [folder])).code).toBe(0);
    const child = startCli(['ingest', folder, '--no-refresh', '--follow', '--acks', '-q'], {
      CHURN_MCP_HOME: home,
    });
    const ended = collectCli(child);
    await appendFile(file, orders(2, 4) + order(4).slice(0, 20));
    await writeFile(
      join(folder, 'b.csv'),
      'kind,order_id,customer_id,order_date\norders,6,"c,6",2026-01-01\n',
    );
    await waitFor(async () => (await idsIn(home)).length === 5);
    await appendFile(file, order(4).slice(20));
    await waitFor(async () => (await idsIn(home)).length === 6);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect((await idsIn(home)).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 6]);
    await writeFile(file, order(1));
    expect((await ingest(home, [file])).stderr).toContain('it is another file now');
  });

  it('takes turns with another process on the same home, so that neither loses a row', async () => {
    const home = await newFolder();
    const results = await Promise.all(
      ['a', 'b'].map((channel, at) =>
        ingest(home, ['--channel', channel, '-q'], orders(at * 30_000, (at + 1) * 30_000)),
      ),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect((await idsIn(home)).sort((a, b) => a - b)).toEqual(range(60_000));
  });

  it('folds the rows into the data at its end, once, also if refreshes are killed', async () => {
    const home = await newFolder();
    const env = { CHURN_MCP_HOME: home };
    await ingest(home, ['--channel', 'a', '-q'], orders(0, 500));
    for (const lifetime of [700, 1400]) {
      const child = startCli(['refresh', '-q'], env);
      const timer = setTimeout(() => child.kill('SIGKILL'), lifetime);
      await collectCli(child);
      clearTimeout(timer);
    }
    const child = startCli(['ingest', '--channel', 'a', '-q'], env);
    child.stdin.end(orders(0, 501));
    // On a fast machine a refresh is done before it is killed.
    expect(
      (await collectCli(child)).stdout.replace(/^Folded (1 row|501 rows) /m, 'Folded N rows '),
    ).toMatchInlineSnapshot(`
      "Stored 1 row in the log of the home folder.
      Skipped 500 rows that were stored before.
      Folded N rows into the data, which now has 501 orders of 7 customers, the last on 2026-01-01.
      "
    `);
    expect((await runCli(['refresh'], env)).stdout).toBe('The data holds everything that is in the log.\n');
  });
});

async function waitFor(isTrue: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error('waited for 20 seconds');
    await sleep(50);
  }
}
