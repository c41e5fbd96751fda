import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { rocAuc } from '../../src/metrics/ranked-scores.ts';
import { runCli } from '../helpers/cli-process.ts';
import { subscriberCsv, subscribers } from '../helpers/subscription-table.ts';

const files = mkdtempSync(join(tmpdir(), 'churn-mcp-table-'));
const env = { CHURN_MCP_HOME: join(files, 'home') };
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(files, name), content);
  return join(files, name);
};
const known = subscribers(2000);
const later = subscribers(1500, 4);
const importTable = (path: string, ...more: string[]) =>
  runCli(['import', '--features', path, '--id', 'customerID', '--target', 'Churn', ...more, '-q'], env);

afterAll(() => rmSync(files, { recursive: true, force: true }));

describe('a table of customers, from file to scores', () => {
  it('is imported with the kind of each column, and the columns that are left out', async () => {
    const { code, stdout, stderr } = await importTable(file('known.csv', subscriberCsv(known)));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "Imported 2,000 customers, of whom 737 churned ("Churn" is "Yes").

      2,000 rows read, 2,000 kept
        numbers: "tenure", "Charges"
        categories: "Contract"
        left out: "country", the same value in every row
        left out: "name", a different value in nearly every row
        left out: "status", it gives the target away
        left out: "reason", it gives the target away
        left out: "row", a different whole number in every row

      Next: churn-mcp call get_at_risk_customers label=column
      "
    `);
  });

  it('trains a model that scores other tables in the order of their rows, with unchanged ids', async () => {
    const trained = await runCli(['call', 'train_churn_model', '{"label": "column"}', '-q'], env);
    expect(trained.code).toBe(0);
    expect(trained.stdout.replace(/v_\d{8}_\d{6}/g, 'VERSION').replace(/\d+\.\d s/g, 'TIME')).toContain(
      'Columns left out: country (the same value in every row), name (a different value in nearly every row)',
    );
    const asked = file('later.csv.gz', gzipSync(subscriberCsv(later, { withTarget: false })));
    const out = join(files, 'scores.csv');
    const scored = await runCli(['score', '--features', asked, '--out', out], env);
    expect(scored).toMatchObject({
      code: 0,
      stdout: `Scored 1,500 customers with customer_churn_column: ${out}\n`,
    });
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('customer_id,churn_probability');
    const rows = lines.slice(1).map((line) => line.split(','));
    expect(rows.map(([id]) => id)).toEqual(later.map(({ id }) => id));
    const probabilities = rows.map(([, probability]) => Number(probability));
    const labels = later.map(({ churned }) => (churned ? 1 : 0));
    const best = rocAuc(
      labels,
      later.map(({ risk }) => risk),
    );
    expect(rocAuc(labels, probabilities)).toBeGreaterThan(best - 0.015);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(probabilities) - mean(labels))).toBeLessThan(0.03);
  });

  it('is scored itself if no file is named, and its model is shown', async () => {
    const out = join(files, 'known.parquet');
    const scored = await runCli(['score', '--model', 'customer_churn_column', '--out', out], env);
    expect(scored.stdout).toBe(`Scored 2,000 customers with customer_churn_column: ${out}\n`);
    const shown = await runCli(['call', 'get_churn_metrics', '{"label": "column"}', '--json'], env);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      model: 'customer_churn_column',
      label: 'column',
      target: 'Churn',
      positive: 'Yes',
      evaluation: 'random_split',
    });
    expect((await runCli(['doctor'], env)).code).toBe(0);
  });

  it('gives the same model bytes if its rows are in another order', async () => {
    const hash = async () => {
      const { stdout } = await runCli(['call', 'train_churn_model', '{"label": "column"}', '--json'], env);
      return JSON.parse(stdout);
    };
    const one = await hash();
    await importTable(file('turned.csv', subscriberCsv([...known].reverse())));
    const other = await hash();
    expect(other.roc_auc).toBe(one.roc_auc);
    expect(other.log_loss).toBe(one.log_loss);
  });

  it('stays as it is if the next file is refused, and the error says what is wrong with that file', async () => {
    const lines = subscriberCsv(known).split('\n');
    const cases: [string, string[], string][] = [
      ['no such column', ['--target', 'Chrn'], subscriberCsv(known)],
      ['twice the same id', [], [...lines.slice(0, 60), lines[5]].join('\n')],
      ['three outcomes', ['--target', 'Contract'], subscriberCsv(known)],
      ['unclear outcomes', ['--target', 'status', '--positive', 'away'], subscriberCsv(known)],
      ['one outcome', ['--target', 'country'], subscriberCsv(known)],
    ];
    const answers: string[] = [];
    for (const [title, flags, content] of cases) {
      const { code, stderr } = await importTable(file('bad.csv', content), ...flags);
      answers.push(`${title}: ${code} ${stderr.trim()}`);
    }
    const lacking = await runCli(
      ['score', '--features', file('few.csv', 'customerID,tenure\n1,2\n'), '--out', join(files, 'x.csv')],
      env,
    );
    answers.push(`columns missing: ${lacking.code} ${lacking.stderr.trim()}`);
    expect(answers.join('\n')).toMatchInlineSnapshot(`
      "no such column: 1 The file "bad.csv" has no column "Chrn". Did you mean "Churn"? Its columns are: "customerID", "Contract", "tenure", "Charges", "country", "name", "Churn", "status", "reason", "row".
      twice the same id: 1 Some ids occur in more than one row: "004-769369". Keep one row per customer, or name the column with the customer’s id: --id COLUMN.
      three outcomes: 1 The target column "Contract" has more than two values: "month to month", "one year", "two years". Name the value that means "left" with --positive VALUE, or another column with --target COLUMN.
      unclear outcomes: 1 The target column "status" has no value "away"; it has "here", "gone". Name one of these values with --positive VALUE.
      one outcome: 1 The target column "country" has only one value: "US". Name a column with two outcomes, left and stayed: --target COLUMN.
      columns missing: 1 The file "few.csv" lacks columns that the model reads: "Contract", "Charges". Add these columns (leave unknown values empty), or train a model without them."
    `);
    const scored = await runCli(
      ['score', '--model', 'customer_churn_column', '--out', join(files, 'y.csv')],
      env,
    );
    expect(scored.code).toBe(0);
  });

  it('is named in the answer of a tool that needs orders, with the tools that use the table', async () => {
    const asked = await runCli(['call', 'get_shop_overview', '-q'], env);
    expect(asked).toMatchObject({ code: 1, stdout: '' });
    expect(asked.stderr).toMatchInlineSnapshot(`
      "No orders have been imported, only a table of customers. For the table, use get_at_risk_customers, explain_churn_risk, train_churn_model and get_churn_metrics with label "column". To add orders: import_data, or churn-mcp import --orders FILE at a terminal.
      "
    `);
    expect((await runCli(['doctor'], env)).stdout).toContain(
      'ok      Table: 2,000 customers, 3 columns, target "Churn"',
    );
  });

  it('can have decimal commas, truth values, mistyped cells, and a column that only some churned customers fill', async () => {
    const other = { CHURN_MCP_HOME: join(files, 'other') };
    const rows = subscribers(900, 5);
    const charges = rows.map((row, i) => (i === 7 ? 'see mail' : row.charges.trim().replace('.', ',')));
    const lines = rows.map(({ months, contract, churned }, i) =>
      [
        i,
        months,
        charges[i],
        contract === 'month to month' ? 'True' : 'False',
        churned && i % 5 < 3 ? `"reason ${i % 3}; more"` : '',
        i % 100 === 99 ? 'NA' : churned ? 'yes' : i % 2 ? 'No' : 'no',
      ].join(';'),
    );
    const table = file('european.csv', ['id;months;charges;monthly;reason;left', ...lines, ''].join('\n'));
    const imported = await runCli(
      ['import', '--features', table, '--id', 'id', '--target', 'left', '-q'],
      other,
    );
    expect(imported.stdout).toMatchInlineSnapshot(`
      "Imported 891 customers, of whom 346 churned ("left" is "yes").

      900 rows read, 891 kept
        9 have no target
        numbers: "months"
        numbers with a decimal comma: "charges"
        categories: "monthly"
        1 cell of "charges" cannot be read as a number, so it counts as missing
        left out: "reason", it gives the target away

      Next: churn-mcp call get_at_risk_customers label=column
      "
    `);
    expect((await runCli(['call', 'train_churn_model', '{"label": "column"}', '-q'], other)).code).toBe(0);
    const json = rows.map(({ months, contract }, i) => ({
      id: i,
      months,
      charges: charges[i],
      monthly: contract === 'month to month',
    }));
    const asked = file('asked.ndjson', json.map((row) => JSON.stringify(row)).join('\n'));
    for (const [from, to] of [
      [table, 'one.csv'],
      [asked, 'two.csv'],
    ] as const) {
      const scored = await runCli(['score', '--features', from, '--out', join(files, to), '-q'], other);
      expect(scored.stderr).toBe('1 cell of "charges" cannot be read, so it counts as missing.\n');
    }
    expect(readFileSync(join(files, 'two.csv'), 'utf8')).toBe(readFileSync(join(files, 'one.csv'), 'utf8'));
  });

  it('is asked for if it is missing', async () => {
    const empty = { CHURN_MCP_HOME: join(files, 'empty') };
    const trained = await runCli(['call', 'train_churn_model', '{"label": "column"}'], empty);
    expect(trained).toMatchObject({ code: 1, stdout: '' });
    expect(trained.stderr).toContain('churn-mcp import --features FILE --id COLUMN --target COLUMN');
    const asked = await runCli(['import', '--features', 'x.csv'], empty);
    expect(asked).toMatchObject({ code: 2 });
    expect(asked.stderr).toContain('needs --id COLUMN and --target COLUMN');
    const both = await runCli(
      ['score', '--model', 'customer_churn_forecast', '--features', 'x', '--out', 'y.csv'],
      empty,
    );
    expect(both.code).toBe(2);
  });
});
