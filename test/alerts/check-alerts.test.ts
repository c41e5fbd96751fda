import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Destination, digestOf, type RiskRule } from '../../src/alerts/alert-rules.ts';
import { readAlertState, writeAlertState } from '../../src/alerts/alert-state.ts';
import { type AlertOptions, checkAlerts } from '../../src/alerts/check-alerts.ts';
import { AlertWatch } from '../../src/server/alert-watch.ts';
import { createServerMetrics } from '../../src/server/http/server-metrics.ts';
import { collectCli, runCli, startCli } from '../helpers/cli-process.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { silentLog } from '../helpers/mcp-client.ts';
import { sampleCard } from '../helpers/sample-cards.ts';
import { sampleProfile } from '../helpers/sample-profile.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const SECRET = 'a secret of the test';
const RULE: RiskRule = { name: 'premium', risk_above: 0.6, filter: { customer_segment: 'Premium' } };

// Made before the tests begin, whose time it would take.
const [trainedHome, otherTrainedHome] = [await copyOfHome('trained demo'), await copyOfHome('trained demo')];

/** A receiver of webhooks that answers as a test says, and keeps what it got. */
async function startReceiver() {
  const got: { readonly id: string; readonly isGenuine: boolean; readonly body: unknown }[] = [];
  const answer = { status: 204 as number | 'none' };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const [id, time, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
      String(request.headers[name]),
    );
    got.push({
      id: id ?? '',
      isGenuine: await isGenuine(`${id}.${time}.${body}`, signature ?? ''),
      body: JSON.parse(body),
    });
    if (answer.status === 'none') return;
    response.writeHead(answer.status, answer.status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, answer, webhook: `http://127.0.0.1:${port}/hook` };
}

/** As a receiver checks it with another library: Web Crypto. */
async function isGenuine(signed: string, header: string): Promise<boolean> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(SECRET), hmac, false, ['verify']);
  const [version, base64 = ''] = header.split(',');
  return version === 'v1' && crypto.subtle.verify('HMAC', key, Buffer.from(base64, 'base64'), bytes(signed));
}

const never = () => Promise.reject(new Error('the test does not expect this'));

/** A home whose one customer has the risk that the test sets. */
async function newWatch(destinations: readonly Destination[]) {
  const home = await newTestHome();
  const clock = { at: Date.parse('2026-11-27T12:00:00Z') };
  const risks = new Map<string, number>([['c1', 0.1]]);
  const totals = { valueAtRisk: 0, low: 0, high: 0, moreLikelyThanNot: 0, averageProbability: 0.3 };
  const services = fakeServices(
    {
      churn: {
        atRisk: async () => ({
          card: sampleCard,
          asOf: '2026-11-26',
          trainedNow: false,
          customers: [...risks].map(([customerId, churnProbability]) => ({
            customerId,
            churnProbability,
            valueAtRisk: 100 * churnProbability,
            valueRange: { low: 90 * churnProbability, high: 110 * churnProbability },
            profile: sampleProfile,
            reasons: [],
          })),
          listableCustomers: risks.size,
          listable: totals,
          activeCustomers: risks.size,
          totals,
          leastProbability: 0,
          typicalProbability: undefined,
        }),
      },
    },
    { home },
  );
  const { signal } = new AbortController();
  const jobs = { find: never, cancel: never, list: () => [] };
  const figures = services.context({
    signal,
    progress: () => undefined,
    jobs,
    mayTrain: false,
    ask: never,
  });
  const problems: string[] = [];
  const said: string[] = [];
  const check = (options: Partial<AlertOptions> = {}) =>
    checkAlerts({
      home,
      rules: { rules: [RULE], destinations },
      figures,
      secret: SECRET,
      now: () => new Date(clock.at),
      say: ({ text }) => said.push(text),
      onProblem: (problem) => problems.push(problem),
      ...options,
    });
  return { home, clock, risks, services, problems, said, check };
}

describe('alerts', () => {
  it('say the number first, then what to do, in one line, whatever ids the data has', async () => {
    const { risks, said, check } = await newWatch([{ line: true }]);
    await check();
    for (let at = 0; at < 7; at++) risks.set(`c${at}`, 0.6 + at / 100);
    risks.set('**x**\n<script>alert(1)</script> "quoted" \u202e', 0.9);
    await check();
    expect(said).toMatchInlineSnapshot(`
      [
        "8 customers of customer segment "Premium" rose above a risk of 60%: "**x** <script>alert(1)</script> 'quoted'" (90%), "c6" (66%), "c5" (65%), "c4" (64%), "c3" (63%) and 3 more; at stake 531. Next: get_at_risk_customers tells why and what to offer.",
      ]
    `);
  });

  it('fire once for two processes that check at the same time', async () => {
    const { home, risks, said, check } = await newWatch([
      { line: true },
      { file: join(await newTestHome(), 'a.ndjson') },
    ]);
    await check();
    risks.set('c1', 0.7);
    const reports = await Promise.all([check(), check(), check()]);
    expect(reports.filter((report) => report !== undefined)).toHaveLength(1);
    await check();
    expect(said).toHaveLength(1);
    expect((await readAlertState(home)).outbox).toEqual([]);
  });

  it('change and deliver nothing in a dry run', async () => {
    const { home, risks, said, check } = await newWatch([{ line: true }]);
    await check();
    risks.set('c1', 0.7);
    const before = await readAlertState(home);
    expect((await check({ dryRun: true }))?.fired).toHaveLength(1);
    expect(await readAlertState(home)).toEqual(before);
    expect(said).toEqual([]);
  });

  it('go into a file once each, after what a killed process left of a line, and after what others wrote', async () => {
    const file = join(await newTestHome(), 'alerts.ndjson');
    await writeFile(file, 'a line of somebody else, without a line break');
    const { home, risks, check } = await newWatch([{ file }]);
    await check();
    risks.set('c1', 0.7);
    const state = await readAlertState(home);
    await check();
    const whole = await readFile(file, 'utf8');
    expect(whole).toMatch(
      /^a line of somebody else, without a line break\n\{"id":"alert_[0-9a-f]{64}",.*\}\n$/,
    );
    // Killed after the line was written, and in the middle of it: the alert still waits.
    const [, line = ''] = whole.split('\n');
    const waiting = {
      alert: JSON.parse(line),
      to: `file:${file}`,
      attempts: 0,
      next_at: '2026-11-27T12:00:00.000Z',
    };
    for (const left of [whole, whole.slice(0, -20), whole.slice(0, whole.indexOf('\n') + 1)]) {
      await writeFile(file, left);
      await writeAlertState(home, { ...state, outbox: [waiting] });
      await check({ onlyDelivers: true });
      expect(await readFile(file, 'utf8')).toBe(whole);
    }
  });

  it('reach a webhook that was down with one id, signed anew each time, and wait longer after each failure', async () => {
    const receiver = await startReceiver();
    const { home, clock, risks, problems, check } = await newWatch([{ webhook: receiver.webhook }]);
    await check();
    risks.set('c1', 0.7);
    const waits: number[] = [];
    for (const status of [500, 302, 404]) {
      receiver.answer.status = status;
      await check();
      const nextAt = Date.parse((await readAlertState(home)).outbox[0]?.next_at ?? '');
      waits.push((nextAt - clock.at) / 1000);
      await check();
      clock.at = nextAt;
    }
    expect(waits).toEqual([10, 20, 40]);
    expect(problems).toEqual([
      'the receiver answered 500',
      'the receiver answered 302; redirects are not followed',
      'the receiver answered 404',
    ]);
    receiver.answer.status = 200;
    await check({ onlyDelivers: true });
    expect((await readAlertState(home)).outbox).toEqual([]);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(1);
    expect(receiver.got.map(({ isGenuine }) => isGenuine)).toEqual([true, true, true, true]);
    expect(receiver.got[0]?.body).toMatchObject({
      type: 'alert.fired',
      data: { rule: 'premium', customers: [{ customer_id: 'c1', churn_probability: 0.7 }] },
    });
  });

  it('are delivered after the clock was set, ahead or back, and not given up because of that', async () => {
    const receiver = await startReceiver();
    const { home, clock, risks, check } = await newWatch([{ webhook: receiver.webhook }]);
    await check();
    risks.set('c1', 0.7);
    receiver.answer.status = 500;
    await check();
    clock.at += 365 * 24 * 3_600_000;
    await check({ onlyDelivers: true });
    expect((await readAlertState(home)).outbox).toMatchObject([{ attempts: 2 }]);
    clock.at -= 365 * 24 * 3_600_000;
    receiver.answer.status = 200;
    await check({ onlyDelivers: true });
    expect((await readAlertState(home)).outbox).toEqual([]);
  });

  it('are given up after three days and five attempts, and if their destination is no longer configured', async () => {
    const { home, clock, risks, problems, check } = await newWatch([
      { webhook: 'http://127.0.0.1:1/closed' },
    ]);
    await check();
    risks.set('c1', 0.7);
    await check();
    for (let attempt = 2; attempt <= 5; attempt++) {
      clock.at += 73 * 3_600_000;
      await check();
    }
    expect(problems.at(-1)).toMatch(/; the alert is given up after three days$/);
    expect((await readAlertState(home)).outbox).toEqual([]);
  });

  it('are refused without a secret, and with a damaged state', async () => {
    const { home, check } = await newWatch([{ webhook: 'https://example.com/hook' }]);
    await expect(check({ secret: undefined })).rejects.toThrow('there is no secret to sign them with');
    await check();
    const file = join(home, 'alerts', 'state.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('premium', 'premiun'));
    await expect(check()).rejects.toMatchObject({ code: 'ALERTS_DAMAGED' });
  });
});

describe('a server that watches alerts', () => {
  it('counts what fired and what was not delivered, for Prometheus', async () => {
    const { home, risks, services } = await newWatch([]);
    const rulesFile = join(home, 'rules.json');
    const deliver_to = [{ line: true }, { webhook: 'http://127.0.0.1:1/closed' }];
    await writeFile(rulesFile, JSON.stringify({ rules: [RULE], deliver_to }));
    await using watch = new AlertWatch({
      services,
      rulesFile,
      secret: SECRET,
      log: silentLog,
      say: () => undefined,
    });
    await watch.check();
    risks.set('c1', 0.7);
    await watch.check();
    const told = await createServerMetrics(() => 0, watch.counts).text();
    expect(told.split('\n').filter((line) => line.startsWith('churn_mcp_alert'))).toEqual([
      'churn_mcp_alerts_fired_total{rule="premium"} 1',
      'churn_mcp_alert_delivery_failures_total{to="webhook"} 1',
      'churn_mcp_alert_deliveries_waiting 1',
    ]);
  });
});

describe('churn-mcp alerts', () => {
  it('loses no alert and writes none twice into a file, if it is killed between firing and delivery', async () => {
    const receiver = await startReceiver();
    const home = trainedHome;
    const [rulesFile, file] = [join(home, 'rules.json'), join(home, 'alerts.ndjson')];
    const rule: RiskRule = { name: 'anybody', risk_above: 0.3 };
    await writeFile(
      rulesFile,
      JSON.stringify({ rules: [rule], deliver_to: [{ webhook: receiver.webhook }, { file }] }),
    );
    const env = { CHURN_MCP_HOME: home, CHURN_MCP_ALERTS: rulesFile, CHURN_MCP_ALERTS_SECRET: SECRET };
    // As if nobody was above the limit when it last looked.
    const rules = { anybody: { digest: digestOf(rule), above: [], is_up: false } };
    await writeAlertState(home, { format: 1, checked_at: null, rules, outbox: [] });

    receiver.answer.status = 'none';
    const child = startCli(['alerts', '-q'], env);
    const ended = collectCli(child);
    await expect.poll(() => receiver.got.length, { timeout: 30_000 }).toBe(1);
    child.kill('SIGKILL');
    await ended;
    expect(await readFile(file, 'utf8').catch(() => 'no file')).toBe('no file');

    receiver.answer.status = 200;
    const [one, other] = await Promise.all([runCli(['alerts', '-q'], env), runCli(['alerts', '-q'], env)]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect([one.stdout, other.stdout]).toContain('No alert fired.\n');
    expect(receiver.got.map(({ isGenuine }) => isGenuine)).toEqual([true, true]);
    expect(receiver.got[1]?.id).toBe(receiver.got[0]?.id);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: receiver.got[0]?.id, rule: 'anybody' },
    ]);

    expect((await runCli(['doctor', '-q'], env)).stdout).toMatch(/^ok {6}Alerts: 1 rule, last checked 20/m);
  });

  it('are checked after a refresh, and said by the process that made it', async () => {
    const home = otherTrainedHome;
    const rulesFile = join(home, 'rules.json');
    const rule: RiskRule = { name: 'anybody', risk_above: 0.01 };
    await writeFile(rulesFile, JSON.stringify({ rules: [rule], deliver_to: [{ line: true }] }));
    const rules = { anybody: { digest: digestOf(rule), above: [], is_up: false } };
    await writeAlertState(home, { format: 1, checked_at: null, rules, outbox: [] });
    const child = startCli(['ingest', '--kind', 'orders', '-q'], {
      CHURN_MCP_HOME: home,
      CHURN_MCP_ALERTS: rulesFile,
    });
    child.stdin.end('{"order_id":"a","customer_id":"7","order_date":"2026-02-01","total_amount":20}\n');
    const { code, stderr } = await collectCli(child);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^1 customer rose above a risk of 1%: .* Next: get_at_risk_customers tells why/m);
  });

  it('are checked after an import, and refuse it beforehand if their file cannot be used', async () => {
    const home = await newTestHome();
    const [rulesFile, orders] = [join(home, 'rules.json'), join(home, 'orders.csv')];
    await writeFile(
      rulesFile,
      JSON.stringify({ rules: [{ name: 'a', risk_abvoe: 0.6 }], deliver_to: [{ line: true }] }),
    );
    await writeFile(orders, 'order_id,customer_id,order_date,total_amount\n1,a,2026-01-01,5\n');
    const env = { CHURN_MCP_HOME: home, CHURN_MCP_ALERTS: rulesFile };
    // A file of rules that cannot be used is told before anything is changed.
    const refused = await runCli(['import', '--orders', orders, '-q'], env);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('Did you mean "risk_above"?');
    await writeFile(
      rulesFile,
      JSON.stringify({ rules: [{ name: 'a', risk_above: 0.6 }], deliver_to: [{ line: true }] }),
    );
    const { code, stderr } = await runCli(['import', '--orders', orders, '-q'], env);
    expect(code).toBe(0);
    expect(stderr).toContain('a rule was not checked');
  });
});
