import { plural } from '../../../text/format.ts';
import { quoted } from '../../../text/quoted.ts';
import { readCount } from '../../duckdb/read-count.ts';
import type { ImportContext } from '../import-context.ts';
import { isFilled, type StagedText } from './no-records.ts';

/** What a row says of its order; a further line has none of it. */
const OF_THE_ORDER = ['order_id', 'customer_id', 'order_date'];
/** A line names a product, and has a figure. */
const PRODUCTS = ['product_id', 'product_name'];
const FIGURES = ['quantity', 'unit_price', 'line_total'];
/** If only the order's number tells, so many lines lack it that it is the layout and no error. */
const LEAST_SHARE = 0.1;

/**
 * Gives the order's number to the further lines of each order. ERP systems, and workbooks with merged cells, write what belongs
 * to the order on its first line only; the lines below have a product and figures alone. This is the layout of a file only if
 * every order's number stands in one row. A blank row or a sum ends an order.
 */
export async function fillDownOrders(
  { connection, decisions }: ImportContext,
  file: StagedText,
  rows: number,
): Promise<void> {
  const has = (field: string) => field in file.match;
  const ofTheOrder = OF_THE_ORDER.filter(has);
  const staged = `staging.${file.relation}`;
  if (!has('order_id') || !PRODUCTS.some(has) || !FIGURES.some(has)) return;
  const isFurther = [
    ...ofTheOrder.map((field) => `not ${isFilled(field)}`),
    `(${PRODUCTS.filter(has).map(isFilled).join(' or ')})`,
    `(${FIGURES.filter(has).map(isFilled).join(' or ')})`,
  ].join(' and ');
  const further = await readCount(connection, `select count(*) from ${staged} where ${isFurther}`);
  if (further === 0 || (ofTheOrder.length === 1 && further < LEAST_SHARE * rows)) return;
  const repeated = `select count(*) from (select order_id from ${staged} where ${isFilled('order_id')}
     group by order_id having count(*) > 1 limit 1)`;
  if ((await readCount(connection, repeated)) > 0) return;
  await connection.run(
    `create or replace table staging.further_lines as
     with parts as (
       select row_number, coalesce(trim(order_id), '') as order_id, ${isFurther} as is_further from ${staged}
       union all
       select row_number, '', false from staging.no_records
       where file_table = ? and file_number = ? and reason <> 'repeated header'
     ),
     placed as (
       select row_number, is_further, last_value(case when not is_further then order_id end ignore nulls) over (
         order by row_number rows between unbounded preceding and current row
       ) as order_id
       from parts
     )
     select row_number, order_id from placed where is_further and order_id <> ''`,
    [file.table, file.fileNumber],
  );
  const filled = await readCount(connection, 'select count(*) from staging.further_lines');
  await connection.run(
    `update ${staged} set order_id = further.order_id
     from staging.further_lines as further where further.row_number = ${file.relation}.row_number`,
  );
  decisions.say(
    `In ${quoted(file.file.name)} ${plural(filled, 'row')} below an order’s first line ${filled === 1 ? 'names' : 'name'} no order, so ${filled === 1 ? 'it is a further line' : 'they are further lines'} of that order.`,
  );
}
