import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    expect(`${JSON.parse(json.stdout).text}\n`).toBe(text.stdout);
  });

  it('writes scores and recommendations, the same every time', async () => {
    const written = async (args: readonly string[], name: string) => {
      const result = await runCli([...args, '--out', join(files, name), '--quiet'], env);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      return readFileSync(join(files, name), 'utf8');
    };
    const score = ['score', '--model', 'customer_churn_forecast', '--as-of', '2025-12-31'];
    const scores = await written(score, 'a.csv');
    expect(scores).toMatch(/^customer_id,churn_probability\n\d+,0\.\d+\n/);
    expect(await written(score, 'b.csv')).toBe(scores);
    const recommend = ['recommend', '--n-products', '2', '--include-purchased'];
    const recommendations = await written(recommend, 'c.csv');
    expect(recommendations).toMatch(
      /^customer_id,product_id,rank,purchase_probability\n\d+,10\d\d,1,0\.\d+\n\d+,10\d\d,2,/,
    );
    expect(await written(recommend, 'd.csv')).toBe(recommendations);
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
    const result = await runCli(['score', '--model', 'customer_churn_forecast', '--out', 'x.xlsx'], env);
    expect(result.stderr).toContain('The output file is neither CSV nor Parquet.');
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
    expect(promoted.stdout).toContain(`${first.version} is now the champion of ${first.model}.`);
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
