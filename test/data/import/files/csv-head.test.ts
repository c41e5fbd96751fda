import { describe, expect, it } from 'vitest';
import { readCsvHead } from '../../../../src/data/import/files/csv-head.ts';

const COLUMNS = ['order_id', 'customer_id', 'order_date', 'total_amount'];

describe('the header of a CSV file', () => {
  it.each([
    ['is the first line', 'order_id,customer_id,order_date,total_amount\n1,a,2026-01-01,10\n', 0],
    ['follows sep=;', 'sep=;\norder_id;customer_id;order_date;total_amount\n1;a;2026-01-01;10\n', 1],
    ['follows empty lines', '\n\r\n\norder_id,customer_id,order_date,total_amount\n1,a,2026-01-01,10\n', 3],
    [
      'follows titles',
      'Orders report\n2026-01-01 to 2026-01-31\n\norder_id,customer_id,order_date,total_amount\n1,a,2026-01-01,10\n',
      3,
    ],
    [
      'follows titles that a spreadsheet filled up',
      'Report;;;\nJanuary;;;\norder_id;customer_id;order_date;total_amount\n1;a;2026-01-01;10\n',
      2,
    ],
    [
      'follows a title with commas, in a file with semicolons',
      'Orders, January, 2026\norder_id;customer_id;order_date;total_amount\n1;a;2026-01-01;12,50\n2;b;2026-01-02;7,00\n',
      1,
    ],
    ['stands alone', 'order_id|customer_id|order_date|total_amount', 0],
    [
      'is shorter than rows that end in a separator',
      'order_id,customer_id,order_date,total_amount\n1,a,2026-01-01,10,\n2,b,2026-01-01,10,\n',
      0,
    ],
    [
      'is told from rows with many decimal commas',
      'order_id;customer_id;order_date;total_amount\n1,1;2,2;3,3;4,4\n1,1;2,2;3,3;4,4\n',
      0,
    ],
    [
      'holds line ends in quotes',
      '"order_id"\t"customer_id"\t"order_date"\t"total_amount"\n1\ta\t2026-01-01\t10\n',
      0,
    ],
  ])('%s', (_, text, linesBefore) => {
    expect(readCsvHead(text)).toMatchObject({ columns: COLUMNS, linesBefore });
  });
});
