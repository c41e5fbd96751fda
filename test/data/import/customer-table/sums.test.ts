import { describe, expect, it } from 'vitest';
import { readFeatureTable } from '../../../../src/data/feature-table/feature-table-home.ts';
import { importFeatureTable } from '../../../../src/data/import/customer-table/import-feature-table.ts';
import { readTableFile } from '../../../../src/data/import/customer-table/read-table-file.ts';
import { tableImportText } from '../../../../src/mcp/table-import-text.ts';
import { fileWith } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const ROWS = Array.from({ length: 40 }, (_, at) => `c${at},${20 + (at % 9)},${at % 4 === 0 ? 'Yes' : 'No'}`);

describe('rows of sums in a table of customers', () => {
  it('are no customers, and the report names them', async () => {
    const home = await newTestHome();
    const sums = ['Subtotal,790,', 'Subtotal,790,10', 'Grand total:,1580,Yes'];
    const text = ['id,age,Churn', ...ROWS, ...sums].join('\n');
    const features = await fileWith('customers.csv', text);
    const report = await importFeatureTable({ features, id: 'id', target: 'Churn' }, { home });
    expect(report).toMatchObject({
      rowsRead: 43,
      sums: ['Subtotal', 'Subtotal', 'Grand total:'],
      summary: { rows: 40, churned: 10 },
    });
    expect((await readFeatureTable(home)).labels).toHaveLength(40);
    const said = tableImportText(report, { afterDryRun: [], afterImport: [] });
    expect(said).toContain('3 hold a sum and no customer: "Subtotal", "Subtotal", "Grand total:"');
  });

  it('are not customers whose id has such a word within a name', async () => {
    const home = await newTestHome();
    const text = ['id,age,Churn', ...ROWS, 'Total Energies,30,No', 'Sum 41,30,No', 'Anna Summe,30,Yes'].join(
      '\n',
    );
    const features = await fileWith('customers.csv', text);
    const report = await importFeatureTable({ features, id: 'id', target: 'Churn' }, { home });
    expect(report).toMatchObject({ sums: ['Sum 41'], summary: { rows: 42 } });
  });

  it('get no score', async () => {
    const rows = ['a,20', 'b,30', ',', 'Total,50', ',Summe'];
    const path = await fileWith('today.csv', ['id,age', ...rows].join('\n'));
    const columns = [{ name: 'age', kind: 'number' as const }];
    const wanted = { idColumn: 'id', columns, writing: {}, now: new Date('2026-11-26T12:00:00Z') };
    const read = await readTableFile(path, wanted, await newTestHome(), undefined);
    expect(read).toMatchObject({ rows: { ids: ['a', 'b'] }, sums: ['Total', 'Summe'], unreadable: [] });
  });
});
