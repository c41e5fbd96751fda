/** From an empty home to the first answer, through a real client. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createServices } from '../../src/server/create-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const ROWS = [
  'customer_id,order_date,total_amount',
  ...Array.from(
    { length: 40 },
    (_, i) => `${(i % 20) + 1},2025-${String((i % 9) + 1).padStart(2, '0')}-05,${i + 10}`,
  ),
].join('\n');

async function withClient(
  importFolders: (home: string) => readonly string[],
  use: (client: Awaited<ReturnType<typeof connectClient>>, home: string) => Promise<void>,
): Promise<void> {
  const home = await newTestHome();
  const now = () => new Date('2026-01-31T12:00:00Z');
  await using services = createServices({ home, threads: 1, importFolders: importFolders(home), now });
  const client = await connectClient(services);
  await use(client, home);
  await client.close();
}

describe('import_data', () => {
  it('is named by the error of an empty home', () =>
    withClient(
      () => [],
      async (client) => {
        const { isError, text } = await callText(client, 'get_shop_overview');
        expect(isError).toBe(true);
        expect(text).toContain('import_data');
        expect(text).toContain('make_demo_shop');
      },
    ));

  it('shows first what pasted rows would give, and imports them on confirmation', () =>
    withClient(
      () => [],
      async (client) => {
        const dry = await callText(client, 'import_data', { csv: ROWS });
        expect(dry).toMatchObject({
          isError: false,
          structuredContent: { imported: false, orders: 40, customers: 20 },
        });
        expect(dry.text).toMatch(/^This import would give 40 orders of 20 customers/);
        expect(dry.text).toContain('call import_data again with dry_run: false');
        expect(await callText(client, 'get_shop_overview')).toMatchObject({ isError: true });

        const real = await callText(client, 'import_data', { csv: ROWS, dry_run: false });
        expect(real).toMatchObject({ isError: false, structuredContent: { imported: true, orders: 40 } });
        const { structuredContent } = await callText(client, 'get_shop_overview');
        expect(structuredContent).toMatchObject({ customers: 20 });
      },
    ));

  it('reads files of the folders that are allowed, and of no others', () =>
    withClient(
      (home) => [home],
      async (client, home) => {
        await writeFile(join(home, 'orders.csv'), ROWS);
        const { text } = await callText(client, 'import_data', { orders: join(home, 'orders.csv') });
        expect(text).toMatch(/^This import would give 40 orders/);
        const refused = await callText(client, 'import_data', { orders: '/etc/hostname' });
        expect(refused).toMatchObject({ isError: true });
        expect(refused.text).toContain('is not a file in a folder that may be read');
      },
    ));

  it('asks for orders, and says how a column is named', () =>
    withClient(
      () => [],
      async (client) => {
        expect((await callText(client, 'import_data')).text).toMatch(/^No orders are named\./);
        const { text } = await callText(client, 'import_data', { csv: ROWS, map: ['total_amount'] });
        expect(text).toBe(
          '"total_amount" in map is not written FIELD=COLUMN. Write it as in customer_id=Client.',
        );
      },
    ));
});

describe('a question that import_data asks', () => {
  const asked = (csv: string, more: object = {}) => {
    const answers: Awaited<ReturnType<typeof callText>>[] = [];
    return withClient(
      () => [],
      async (client) => {
        answers.push(await callText(client, 'import_data', { csv, ...more }));
      },
    ).then(() => answers[0]);
  };

  it('names the argument that answers it', async () => {
    const rows = 'customer_id,order_date,total_amount\n1,2025-01-05,"12,500"\n2,2025-02-05,"13,250"\n';
    expect((await asked(rows))?.text).toContain('In import_data --decimal is the argument decimal.');
    expect(await asked(rows, { decimal: 'comma' })).toMatchObject({
      structuredContent: { revenue: '25.7500' },
    });
  });

  it('says so if only the command line has the flag', async () => {
    const rows = 'customer_id,order_date,total_amount,currency\n1,2025-01-05,12,EUR\n2,2025-02-05,13,USD\n';
    expect((await asked(rows))?.text).toContain(
      '--rates, --currency can be given at a terminal alone: churn-mcp import --orders FILE.',
    );
  });
});

describe('make_demo_shop', () => {
  it('makes a shop that questions can be asked of', () =>
    withClient(
      () => [],
      async (client) => {
        const { structuredContent, text } = await callText(client, 'make_demo_shop', { customers: 100 });
        expect(structuredContent).toMatchObject({ customers: 100, last_order_date: '2026-01-31' });
        expect(text).toContain('All of them are invented.');
        expect(text).not.toContain('took the place');
        expect(await callText(client, 'find_customers', { limit: 1 })).toMatchObject({ isError: false });
      },
    ));

  it('says whose place it took', () =>
    withClient(
      () => [],
      async (client) => {
        await callText(client, 'import_data', { csv: ROWS, dry_run: false });
        const { text } = await callText(client, 'make_demo_shop', { customers: 100 });
        expect(text).toContain(
          'It took the place of the orders imported before; to go back, import them again.',
        );
      },
    ));
});
