/** Lists as files, through a real client over a real shop. */
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServices } from '../../src/server/create-services.ts';
import type { ServicesOptions } from '../../src/server/services.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const exportedSchema = z.object({
  name: z.string(),
  rows: z.number(),
  path: z.string().optional(),
  uri: z.string().optional(),
});

const offersSchema = z.looseObject({
  customers: z.array(
    z.looseObject({
      customer_id: z.coerce.string(),
      recommendations: z.array(
        z.looseObject({ product_id: z.coerce.string(), reason: z.string().optional() }),
      ),
    }),
  ),
});

let home: string;
const open: (() => Promise<void>)[] = [];
beforeAll(async () => {
  home = await copyOfHome('trained demo');
});
afterAll(async () => {
  for (const close of open) await close();
});

async function clientOf(options: Partial<ServicesOptions> = {}): Promise<Client> {
  const services = createServices({ home, threads: 1, ...options });
  const client = await connectClient(services);
  open.push(async () => {
    await client.close();
    await services[Symbol.asyncDispose]();
  });
  return client;
}

async function exportList(client: Client, name: string, args: Record<string, unknown>) {
  const result = await client.callTool({ name, arguments: args });
  const content = z
    .array(z.looseObject({ type: z.string(), text: z.string().optional() }))
    .parse(result.content);
  expect(result.isError, content[0]?.text).not.toBe(true);
  const structured = z.looseObject({ exported: exportedSchema }).parse(result.structuredContent);
  return { content, structured, exported: structured.exported };
}

/** The rows of a CSV file without its quotes, as the texts that hold no comma need none. */
async function csvOf(path = ''): Promise<string[][]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const found = await connection.runAndReadAll(
    "select * from read_csv(?, header = false, all_varchar = true, delim = ',', quote = '\"')",
    [path],
  );
  return found.getRows().map((row) => row.map((cell) => (cell === null ? '' : String(cell))));
}

describe('a list with export', () => {
  it('writes all customers at risk with money, reasons, segments, attributes and offers, whatever the page shows', async () => {
    const client = await clientOf();
    const { content, structured, exported } = await exportList(client, 'get_at_risk_customers', {
      limit: 2,
      export: 'csv',
    });
    expect(structured.customers).toHaveLength(2);
    expect(exported.path).toBe(join(home, 'exports', exported.name));
    expect(exported.name).toBe('customers-at-risk_2026-01-31.csv');
    expect(content.map(({ text }) => text).at(-2)).toBe(
      `The whole list, ${exported.rows} rows, is in ${exported.path}.`,
    );
    const [header, ...rows] = await csvOf(exported.path);
    expect(header.join(' ')).toMatchInlineSnapshot(
      `"customer_id churn_probability value_at_risk value_at_risk_low value_at_risk_high expected_value expected_value_low expected_value_high expected_value_days next_order_expected next_order_early next_order_late total_orders total_spent first_order_date last_order_date days_since_last_order reason_1 reason_2 reason_3 as_of horizon_days model_version segment customer_segment offer_1 offer_1_product_id offer_2 offer_2_product_id offer_3 offer_3_product_id"`,
    );
    expect(rows).toHaveLength(exported.rows);
    const whole = await client.callTool({
      name: 'get_at_risk_customers',
      arguments: { limit: 1000, response_format: 'concise' },
    });
    const { customers } = z
      .looseObject({ customers: z.array(z.looseObject({ customer_id: z.coerce.string() })) })
      .parse(whole.structuredContent);
    expect(rows.map(([id]) => id)).toEqual(customers.map(({ customer_id }) => customer_id));
    const withReason = rows.filter((row) => row[header.indexOf('reason_1')] !== '');
    expect(withReason.length).toBeGreaterThan(0);
    expect(rows[0][header.indexOf('offer_1')]).not.toBe('');
  });

  it('offers what an interactive answer offers, from offers that are kept for all customers', async () => {
    const client = await clientOf();
    const { exported } = await exportList(client, 'get_product_recommendations', {
      segment: 'HIGH_VALUE_ACTIVE',
      export: 'csv',
    });
    const kept = (await readdir(join(home, 'offers'))).filter((name) => name.endsWith('.parquet'));
    expect(kept).toHaveLength(1);
    const [header, ...rows] = await csvOf(exported.path);
    const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
    const ids = [...new Set(column('customer_id'))];
    const asked = await client.callTool({
      name: 'get_product_recommendations',
      arguments: { customer_ids: ids.slice(0, 40), response_format: 'concise' },
    });
    const offers = offersSchema
      .parse(asked.structuredContent)
      .customers.flatMap(({ customer_id, recommendations }) =>
        recommendations.map((offer) => [customer_id, offer.product_id, offer.reason ?? ''].join('|')),
      );
    expect(offers.length).toBeGreaterThan(30);
    const written = rows.map((_, row) =>
      [column('customer_id')[row], column('product_id')[row], column('reason')[row]].join('|'),
    );
    expect(written.slice(0, offers.length)).toEqual(offers);
  });

  it.each([
    ['damaged', (file: string) => writeFile(file, 'not these')],
    ['gone', (file: string) => rm(file)],
  ])('writes the same if the kept offers are %s, and keeps them again', async (_, harm) => {
    const client = await clientOf();
    const list = async () => {
      const { exported } = await exportList(client, 'find_customers', { export: 'csv' });
      return readFile(exported.path ?? '', 'utf8');
    };
    const before = await list();
    const [file] = (await readdir(join(home, 'offers'))).filter((name) => name.endsWith('.parquet'));
    const bytes = await readFile(join(home, 'offers', file));
    await harm(join(home, 'offers', file));
    expect(await list()).toBe(before);
    expect(await readFile(join(home, 'offers', file))).toEqual(bytes);
  });

  it('never replaces a file, and is for its user alone', async () => {
    const client = await clientOf({ exportFolder: join(home, 'never-replaced') });
    const files = [];
    for (let times = 0; times < 3; times++) {
      const { exported } = await exportList(client, 'find_customers', { limit: 1, export: 'csv' });
      files.push(exported.name);
      if (process.platform !== 'win32') {
        expect((await stat(exported.path ?? '')).mode & 0o077).toBe(0);
      }
    }
    expect(files).toEqual([
      'customers_2026-01-31.csv',
      'customers_2026-01-31_2.csv',
      'customers_2026-01-31_3.csv',
    ]);
    // Nothing unfinished is left.
    expect((await readdir(join(home, 'exports'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('writes every offer of a segment into a workbook, in the folder of the configuration', async () => {
    const exportFolder = join(home, 'elsewhere', 'lists');
    const client = await clientOf({ exportFolder });
    const { exported, structured } = await exportList(client, 'get_product_recommendations', {
      segment: 'REGULAR',
      n_customers: 1,
      export: 'xlsx',
    });
    expect(structured.customers).toHaveLength(1);
    expect(dirname(exported.path ?? '')).toBe(exportFolder);
    const { sheets } = await readXlsx(await readFile(exported.path ?? ''));
    const [header, ...rows] = sheets[0].rows;
    expect(header.join(' ')).toMatchInlineSnapshot(
      `"customer_id rank product_id product_name product_category price purchase_probability reason as_of model_version segment customer_segment"`,
    );
    expect(rows).toHaveLength(exported.rows);
    expect(new Set(rows.map(([id]) => id)).size).toBeGreaterThan(1);
  });

  it('writes cohorts as one row per month of first orders and month since, as Parquet', async () => {
    const client = await clientOf();
    const { exported } = await exportList(client, 'get_cohort_retention', { cohorts: 3, export: 'parquet' });
    const connection = await (await DuckDBInstance.create()).connect();
    const read = await connection.runAndReadAll('select * from read_parquet(?)', [exported.path ?? '']);
    expect(read.columnNames()).toEqual([
      'first_order_month',
      'cohort_customers',
      'months_since',
      'customers',
      'retention',
      'orders',
      'revenue',
    ]);
    expect(read.currentRowCount).toBe(exported.rows);
  });

  it('holds names and emails only if the configuration shows contacts', async () => {
    const open = await clientOf({ showContacts: true });
    const { exported } = await exportList(open, 'find_customers', { export: 'csv' });
    const [header, first] = await csvOf(exported.path);
    expect(header.slice(0, 3)).toEqual(['customer_id', 'name', 'email']);
    expect(first[2]).toContain('@');
    const closed = await clientOf();
    const without = await exportList(closed, 'find_customers', { export: 'csv' });
    expect(await readFile(without.exported.path ?? '', 'utf8')).not.toContain('@');
  });

  it('is fetched as a resource by callers of other machines, who learn no path', async () => {
    const client = await clientOf({ exportsAreFetched: true });
    const { content, exported } = await exportList(client, 'find_customers', { limit: 1, export: 'csv' });
    expect(exported).toEqual({
      name: exported.name,
      rows: exported.rows,
      uri: `churn://exports/${exported.name}`,
    });
    expect(exported.name).toMatch(/^customers_2026-01-31_[0-9a-f]{16}\.csv$/);
    expect(content).toContainEqual({
      type: 'resource_link',
      uri: exported.uri,
      name: exported.name,
      mimeType: 'text/csv',
    });
    expect(JSON.stringify(content)).not.toContain(home);
    const { contents } = await client.readResource({ uri: exported.uri ?? '' });
    expect(contents).toEqual([
      {
        uri: exported.uri,
        mimeType: 'text/csv',
        text: await readFile(join(home, 'exports', exported.name), 'utf8'),
      },
    ]);
  });

  it('keeps files to be fetched for a day, and every other one for good', async () => {
    const folder = join(home, 'kept');
    await mkdir(folder);
    const old = ['customers_2025-01-01_0123456789abcdef.csv', 'customers_2025-01-01.csv'];
    for (const name of old) {
      await writeFile(join(folder, name), '');
      await utimes(join(folder, name), 0, 0);
    }
    const client = await clientOf({ exportsAreFetched: true, exportFolder: folder });
    const { exported } = await exportList(client, 'find_customers', { limit: 1, export: 'csv' });
    expect((await readdir(folder)).sort()).toEqual(['customers_2025-01-01.csv', exported.name].sort());
  });

  it.each(['customers_2026-01-31.csv', '../data/current.json', '..%2fdata%2fcurrent.json', ''])(
    'gives out no other file of the folder or beyond: "%s"',
    async (name) => {
      const client = await clientOf({ exportsAreFetched: true });
      await expect(client.readResource({ uri: `churn://exports/${name}` })).rejects.toThrow(
        'There is no such file any more',
      );
    },
  );
});
