import { z } from 'zod';
import { plural } from '../../../text/format.ts';
import { quoted } from '../../../text/quoted.ts';
import { readCount } from '../../duckdb/read-count.ts';
import { loadSql } from '../../load-sql.ts';
import { refuseUnlessAccepted } from '../acceptable-refusal.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { hasField, isView, type StagedTable } from '../staging/staged-file.ts';

/** Of the orders that several files hold, at least this share is the same in all of them if the files overlap. */
const LEAST_SAME = 0.5;

/**
 * Refuses rows that would count twice because two files hold them, as exports of overlapping months do. Only lines without
 * an id and orders without a number can: all others are merged if they are equal.
 *
 * @throws IMPORT_REFUSED
 */
export async function requireEachOrderOnce(
  context: ImportContext,
  { derivesOrderIds }: Pick<ShopFiles, 'derivesOrderIds'>,
  { orders, order_items }: StagedShop,
): Promise<void> {
  if (!hasField(order_items, 'order_item_id')) {
    await refuseRepeated(context, order_items, {
      key: ['order_id'],
      content: ['customer_id', 'order_date', 'product_id', 'product_name', 'quantity'],
      instead:
        'Leave out what is repeated, or import the files one after the other with --append, which replaces orders.',
    });
  }
  if (derivesOrderIds) {
    await refuseRepeated(context, orders, {
      key: ['order_date', 'customer_id', 'total_amount'],
      content: ['order_status', 'payment_status'],
      instead: 'Leave out what is repeated.',
    });
  }
}

const sharedSchema = z.object({
  shared: z.coerce.number(),
  same: z.coerce.number(),
  example: z.string().nullable(),
});

interface Repeatable {
  /** Fields that tell which order a row is of. */
  readonly key: readonly string[];
  /** Fields that are the same if the row is repeated. */
  readonly content: readonly string[];
  readonly instead: string;
}

async function refuseRepeated(
  context: ImportContext,
  table: StagedTable,
  { key, content, instead }: Repeatable,
): Promise<void> {
  const { connection } = context;
  if (table.files.length < 2 || isView(table) || !key.every((field) => hasField(table, field))) return;
  const textOf = (field: string, has: boolean) => (has ? `trim(cast(${field} as varchar))` : "''");
  const rows = table.files.map(({ relation, fileNumber, match }) => {
    const texts = (fields: readonly string[]) =>
      fields.map((field) => textOf(field, field in match)).join(', ');
    return `select ${fileNumber} as file_number, ${textOf(key[0] ?? '', true)} as first_key,
      concat_ws(' ', ${texts(key)}) as key, hash(${texts(content)}) as content from staging.${relation}`;
  });
  await connection.run(`create or replace temp view rows_of_files as ${rows.join(' union all ')}`);
  // Files of successive months hold successive numbers.
  if ((await readCount(connection, loadSql('duckdb/import/overlapping_files'))) === 0) return;
  const { shared, same, example } = sharedSchema.parse(
    await readRow(connection, 'duckdb/import/orders_in_several_files'),
  );
  if (same === 0 || same < LEAST_SAME * shared) return;
  refuseUnlessAccepted(context, 'repeated-orders', {
    message: `${plural(same, 'order')} ${same === 1 ? 'is' : 'are'} in several files with the same content, such as ${quoted(example ?? '')}: the files overlap, and ${same === 1 ? 'it' : 'they'} would count twice.`,
    hint: instead,
  });
}
