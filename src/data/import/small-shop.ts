import type { ShopTable } from '../shop-tables.ts';

/** What an import can ask of the rest of the previous snapshot, if `earlier` holds only rows that new rows can change. */
export interface SmallShop {
  /**
   * Called once it is known who gets something back (`staging.given_back`), or does not any more (`staging.refunds_taken_back`): all their orders, and all lines that are read, are
   * in `earlier` when it ends.
   */
  readonly bringOrdersOfRefunds: () => Promise<void>;
  /** How many rows of the previous snapshot are not in `earlier`; they stay as they are. Called after that. */
  readonly countRowsBeside: () => Promise<Readonly<Record<ShopTable, number>>>;
}
