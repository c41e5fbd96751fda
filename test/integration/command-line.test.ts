import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { runCli } from '../helpers/cli-process.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-cli-'));
const files = mkdtempSync(join(tmpdir(), 'churn-mcp-files-'));
const env = { CHURN_MCP_HOME: home };

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(files, { recursive: true, force: true });
});

describe('the command line, with nothing imported', () => {
  it.each([
    [['nonsense'], 2, /unknown command 'nonsense'/],
    [['import', '--ordres', 'x.csv'], 2, /unknown option '--ordres'[\s\S]*Did you mean --orders\?/],
    [['import'], 2, /There is nothing to import\. Name a file of orders/],
    [['import', 'x.csv'], 2, /No flag says what "x\.csv" holds\. Name a file of orders \(--orders FILE\)/],
    [['call', 'list_models', '{bad'], 2, /The arguments are not a JSON object\. Put them in single quotes/],
    [['score', '--model', 'customer_churn_forecast', '--version', 'v_1', '--out', 'x.csv'], 1, /No orders/],
    [['call', 'list_model'], 2, /There is no tool "list_model"\. Did you mean "list_models"\?/],
    [['call', 'get_at_risk_customers', '{"limt":1}'], 1, /Unknown argument "limt"\. Did you mean "limit"\?/],
    [
      ['call', 'no_such_tool'],
      2,
      /There is no tool "no_such_tool"\. Tools: get_shop_overview, get_at_risk_customers/,
    ],
    [
      ['call', 'list_models', '{"x":1}'],
      1,
      /Unknown argument "x"\. Arguments of list_models: model, version, limit, offset, response_format\./,
    ],
    [['call', 'train_churn_model'], 1, /No orders have been imported yet/],
    [['demo', '--customers', '7'], 2, /--customers takes a whole number from 100 to 1000000/],
    [['models', 'promot'], 2, /There is no action "promot"\. Did you mean "promote"\?/],
    [
      ['models', 'promote', 'customer_churn_forecast'],
      2,
      /The model and the version to promote are missing\./,
    ],
    [
      ['models', 'list', 'customer_churn_forecast', 'v_20000101_000000'],
      2,
      /"models list" takes no version\./,
    ],
    [['doctor', '--home', ''], 2, /--home is empty\./],
    [['call', 'list_models', '@nowhere.json'], 2, /The file "nowhere\.json" cannot be read\./],
    [
      ['score', '--model', 'nothing', '--out', 'x.csv'],
      2,
      /There is no churn model "nothing"\. Known: customer_churn/,
    ],
  ])('answers %j with exit code %i and says what to do', async (args, code, message) => {
    const result = await runCli(args, env);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ code, stdout: '' });
  });

  it('refuses configuration that it does not know', async () => {
    const result = await runCli(['doctor'], { ...env, CHURN_MCP_HOEM: '1' });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('CHURN_MCP_HOEM is unknown');
  });

  it('fails to evaluate if there is nothing to evaluate', async () => {
    const result = await runCli(['eval'], env);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('No model has been trained yet. Train one first');
  });

  it('lists the tools, and the arguments of one', async () => {
    const list = await runCli(['tools'], env);
    expect(list.stdout).toContain('get_at_risk_customers        Customers about to leave\n');
    expect(JSON.parse((await runCli(['tools', '--json'], env)).stdout)).toHaveLength(TOOLS.length);
    const help = await runCli(['call', 'get_cohort_retention', '--help'], env);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: churn-mcp call get_cohort_retention \[name=value…\]\n/);
    expect(help.stdout).toContain('\n  cohorts (whole number from 1 to 36)\n      Latest months');
    expect((await runCli(['tools', 'get_cohort_retention'], env)).stdout).toBe(help.stdout);
    expect((await runCli(['call', '--help'], env)).stdout).toContain('Usage: churn-mcp call [options]');
    expect((await runCli(['call'], env)).code).toBe(2);
  });

  it.each(['bash', 'zsh', 'fish'])('prints a completion for %s that names every command', async (shell) => {
    const { code, stdout } = await runCli(['completion', shell], env);
    expect(code).toBe(0);
    for (const word of ['import', 'retrain', '--min-roc-auc', 'find_customers', 'prune']) {
      expect(stdout).toContain(word);
    }
  });

  it('prints what it completes as JSON', async () => {
    const { stdout } = await runCli(['completion', 'bash', '--json'], env);
    expect(JSON.parse(stdout)).toContainEqual({
      name: 'dashboard',
      description: expect.any(String),
      words: expect.arrayContaining(['--no-open', '--json']),
    });
  });

  it.skipIf(process.platform === 'win32')('completes in bash what has been typed', async () => {
    const script =
      'eval "$(cat)"; COMP_WORDS=(churn-mcp eval --min); COMP_CWORD=2; _churn_mcp; echo "$COMPREPLY"';
    const { stdout } = await runCli(['completion', 'bash'], env);
    expect(execFileSync('bash', ['-c', script], { input: stdout, encoding: 'utf8' })).toBe('--min-roc-auc\n');
  });

  it('prints its help and its version', async () => {
    const help = await runCli(['--help'], env);
    expect(help.code).toBe(0);
    expect(help.stdout).toMatchSnapshot();
    expect((await runCli(['--version'], env)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('reports a working installation in doctor', async () => {
    const { code, stdout } = await runCli(['doctor'], env);
    expect(code).toBe(0);
    expect(stdout).toContain('Data: No orders have been imported yet.');
  });
});

describe('the command line, over a demo shop', () => {
  beforeAll(async () => {
    const made = await runCli(['demo', '--customers', '400', '--as-of', '2026-01-31', '--quiet'], env);
    expect(made.stderr).toBe('');
    expect(made.code).toBe(0);
    expect(made.stdout).toContain('The demo shop\n=============\n400 customers');
    expect(made.stdout).toMatch(
      /The best ROC-AUC that anybody can reach in this shop, .*: 0\.\d{3}; this model reaches 0\.\d{3}\./,
    );
    // So small a shop may have nobody in the segment that is shown.
    expect(made.stdout).toMatch(
      /Product Recommendations for |No customers found in the 'LOW_ENGAGEMENT' segment/,
    );
  });

  it('prints the same facts as text and as JSON', async () => {
    const call = ['call', 'get_at_risk_customers', '{"limit": 3}', '--quiet'];
    const text = await runCli(call, env);
    const json = await runCli([...call, '--json'], env);
    expect(text.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ model: 'customer_churn_forecast' });
    expect(text.stdout).toBe(
      `${JSON.parse(json.stdout).text}\nData: orders up to 31 January 2026, imported today.\n`,
    );
  });

  it('writes scores and recommendations, the same every time', async () => {
    const written = async (args: readonly string[], name: string) => {
      const result = await runCli([...args, '--out', join(files, name), '--quiet'], env);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      return readFileSync(join(files, name), 'utf8');
    };
    const score = ['score', '--model', 'customer_churn_forecast', '--as-of', '2025-12-31'];
    const scores = await written(score, 'a.csv');
    expect(scores).toMatch(
      /^customer_id,churn_probability,value_at_risk,expected_value,.*,next_order_late,total_orders,.*,as_of,model_version,segment,customer_segment\n\d+,0\.\d+,\d+\.\d+,/,
    );
    expect(await written(score, 'b.csv')).toBe(scores);
    const recommend = ['recommend', '--n-products', '2', '--include-purchased'];
    const recommendations = await written(recommend, 'c.csv');
    expect(recommendations).toMatch(
      /^customer_id,product_id,rank,purchase_probability,product_name,product_category,price,as_of,model_version\n\d+,10\d\d,1,0\.\d+,[^,]+,[^,]+,\d+\.\d+,2026-01-31,v_\d{8}_\d{6}\n\d+,10\d\d,2,/,
    );
    expect(await written(recommend, 'd.csv')).toBe(recommendations);
    const rowsOf = (csv: string) =>
      csv
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
    const [[, product, , , , category, price]] = rowsOf(recommendations);
    const rules = ['--exclude', product, '--only-category', category, '--min-price', '1'];
    const ruled = rowsOf(await written([...recommend, ...rules], 'e.csv'));
    expect(Number(price)).toBeGreaterThan(1);
    expect(ruled.length).toBeGreaterThan(0);
    expect(new Set(ruled.map((row) => row[5]))).toEqual(new Set([category]));
    expect(ruled.map((row) => row[1])).not.toContain(product);
  });

  it('writes scores with reasons and offers to standard output, and what it did to standard error', async () => {
    const score = [
      'score',
      '--model',
      'customer_churn_forecast',
      '--reasons',
      '--offers',
      '--out',
      '-',
      '-q',
    ];
    const { code, stdout, stderr } = await runCli(score, env);
    expect(code).toBe(0);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/,reason_1,reason_2,reason_3,.*,offer_3,offer_3_product_id$/);
    expect(rows).toHaveLength(400);
    expect(stderr).toMatch(/^Scored 400 customers as of 2026-01-31 with .*: standard output\n$/);
  });

  it('prints what it wrote as JSON', async () => {
    const out = join(files, 'scores.xlsx');
    const score = ['score', '--model', 'customer_churn_forecast', '--out', out, '--json', '-q'];
    expect(JSON.parse((await runCli(score, env)).stdout)).toMatchObject({
      model: 'customer_churn_forecast',
      as_of: '2026-01-31',
      customers: 400,
      file: out,
    });
    const doctor = JSON.parse((await runCli(['doctor', '--json'], env)).stdout);
    expect(doctor).toMatchObject({ sound: true });
    expect(doctor.findings).toContainEqual({ check: 'ONNX runtime', state: 'ok', text: 'loads' });
  });

  it('takes arguments of a call as name=value, each as the type that the tool has for it', async () => {
    const call = ['call', 'find_customers', '--json', '-q'];
    const given = ['limit=2', 'filter.min_orders=1', 'filter.min_spent=10', 'sort_by=total_orders'];
    const words = await runCli([...call, ...given], env);
    const json = { limit: 2, filter: { min_orders: 1, min_spent: 10 }, sort_by: 'total_orders' };
    expect(JSON.parse(words.stdout).customers).toHaveLength(2);
    expect(words.stdout).toBe((await runCli([...call, JSON.stringify(json)], env)).stdout);
    // An id of digits is text, and a list has its values separated by commas.
    const { customer_id } = JSON.parse(words.stdout).customers[0];
    const offers = [
      'call',
      'get_product_recommendations',
      `customer_ids=${customer_id},${customer_id}`,
      '-q',
    ];
    expect((await runCli(offers, env)).stdout).toContain(`Customer ${customer_id}:`);
  });

  it('judges champions by what a pipeline asks of them', async () => {
    const evaluate = ['eval', '--model', 'customer_churn_forecast'];
    expect((await runCli([...evaluate, '--min-roc-auc', '0.5', '--max-brier', '0.9'], env)).code).toBe(0);
    const bad = await runCli([...evaluate, '--min-roc-auc', '1', '--max-brier', '0'], env);
    expect(bad.code).toBe(1);
    expect(bad.stderr.replaceAll(/v_\d{8}_\d{6}|0\.\d{3}/g, 'X')).toBe(
      'customer_churn_forecast X has a ROC-AUC of X, below --min-roc-auc 1.\n' +
        'customer_churn_forecast X has a Brier score of X, above --max-brier 0.\n',
    );
  });

  it('removes old versions, never a champion', async () => {
    const dry = JSON.parse(
      (await runCli(['models', 'prune', '--keep', '1', '--dry-run', '--json'], env)).stdout,
    );
    expect(dry).toMatchObject({ removed: [], is_dry_run: true });
    const train = ['call', 'train_churn_model', 'label=inactivity', '-q'];
    expect((await runCli(train, env)).code).toBe(0);
    expect((await runCli([...train, 'comment=again'], env)).code).toBe(0);
    const pruned = await runCli(['models', 'prune', 'customer_churn_predictor', '--keep', '1'], env);
    const before = pruned.stdout.match(/customer_churn_predictor v_\d{8}_\d{6}/g) ?? [];
    expect(before.length).toBeGreaterThan(0);
    const { models } = JSON.parse((await runCli(['models', '--json'], env)).stdout);
    const left = models.filter(({ model }: { model: string }) => model === 'customer_churn_predictor');
    expect(left.filter(({ aliases }: { aliases: string[] }) => aliases.includes('champion'))).toHaveLength(1);
    expect(left.length).toBeLessThanOrEqual(2);
    expect((await runCli(['doctor', '--json'], env)).code).toBe(0);
  });

  it('leaves nothing outside its home folder', async () => {
    const user = mkdtempSync(join(tmpdir(), 'churn-mcp-user-'));
    const scored = await runCli(
      ['score', '--model', 'customer_churn_forecast', '--out', join(files, 'f.csv'), '--quiet'],
      { ...env, HOME: user, XDG_CACHE_HOME: join(user, 'cache') },
    );
    expect(scored.code).toBe(0);
    expect(readdirSync(user)).toEqual([]);
    rmSync(user, { recursive: true, force: true });
  });

  it('refuses an output file that cannot be written, before any work is done', async () => {
    const result = await runCli(['score', '--model', 'customer_churn_forecast', '--out', 'x.ods'], env);
    expect(result.stderr).toContain('The output file is neither CSV, Excel nor Parquet.');
    expect(result.code).toBe(2);
    const nowhere = join(home, 'no-such-folder', 'scores.csv');
    const missing = await runCli(['score', '--model', 'customer_churn_forecast', '--out', nowhere], env);
    expect(missing.stderr).toContain('The folder of the --out file does not exist. Make it first: mkdir -p');
    expect(missing.code).toBe(2);
  });

  it('lists and promotes models', async () => {
    const list = await runCli(['models', '--json'], env);
    const [first] = JSON.parse(list.stdout).models;
    const promoted = await runCli(['models', 'promote', first.model, first.version], env);
    expect(promoted.stdout).toContain(`${first.version} was the champion of ${first.model} already`);
    const unknown = await runCli(['models', 'promote', first.model, 'v_20000101_000000'], env);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('v_20000101_000000');
  });

  it('refuses a version whose files were changed, and names it', async () => {
    const { models } = JSON.parse((await runCli(['models', '--json'], env)).stdout);
    const victim = models.find(({ model }: { model: string }) => model === 'customer_churn_predictor');
    const onnx = join(home, 'registry', victim.model, victim.version, 'model.onnx');
    const bytes = readFileSync(onnx);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(onnx, bytes);
    const result = await runCli(['score', '--model', victim.model, '--out', join(files, 'e.csv')], env);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain(victim.version);
    expect(result.stderr).not.toContain(home);
    expect((await runCli(['doctor'], env)).code).toBe(3);
  });
});

describe('churn-mcp demo --json', () => {
  it('prints all answers as one object', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-demo-'));
    const demo = ['demo', '--customers', '100', '--as-of', '2026-01-31', '--quiet', '--json'];
    const { code, stdout } = await runCli(demo, { CHURN_MCP_HOME: folder });
    rmSync(folder, { recursive: true, force: true });
    expect(code).toBe(0);
    const { home: made, sections } = JSON.parse(stdout);
    expect(made).toBe(folder);
    expect(sections.map(({ title }: { title: string }) => title)).toEqual(
      expect.arrayContaining(['The demo shop', 'Customers at risk', 'What to offer whom']),
    );
  });
});
