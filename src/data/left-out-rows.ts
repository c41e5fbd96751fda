import { formatCount } from '../text/format.ts';
import { SHOP_TABLE_NAMES, SHOP_TABLE_WORDS, type ShopTable } from './shop-tables.ts';

/** Rows of a table that nobody cleaned, which do not count. */
export interface LeftOutRows {
  readonly table: ShopTable;
  /** To follow their number: `without a customer`. */
  readonly reason: string;
  readonly rows: number;
}

/** Such as "orders: 1 later than tomorrow, 2 repeated; products: 1 without an id". */
export function leftOutText(leftOut: readonly LeftOutRows[]): string {
  return SHOP_TABLE_NAMES.flatMap((table) => {
    const reasons = leftOut.filter((each) => each.table === table);
    if (reasons.length === 0) return [];
    const counts = reasons.map(({ reason, rows }) => `${formatCount(rows)} ${reason}`);
    return [`${SHOP_TABLE_WORDS[table]}: ${counts.join(', ')}`];
  }).join('; ');
}
