import type { DataSource, Id } from '../data/data-source.ts';
import { plainText } from '../text/plain-text.ts';

/** What the shop says of a product. */
export interface KnownProduct {
  /** Its id if it has no name. */
  readonly name: string;
  readonly category: string | null;
  /** In the shop's currency; null if it has none. */
  readonly price: number | null;
}

/** All products of the shop, by id. */
export async function readProducts(
  data: DataSource,
  signal?: AbortSignal | undefined,
): Promise<(productId: Id) => KnownProduct> {
  const table = await data.columns({ file: 'portable/reads/products', values: [], isLarge: true, signal });
  const rows = new Map(table.ids('product_id').map((id, row) => [id, row]));
  const [names, categories] = [table.text('product_name'), table.text('product_category')];
  const prices = table.float64('price');
  return (productId) => {
    const row = rows.get(productId);
    if (row === undefined) return { name: plainText(String(productId)), category: null, price: null };
    const [name, category, price] = [names[row] ?? String(productId), categories[row], prices[row]];
    return {
      name: plainText(name),
      category: category === null ? null : plainText(category),
      price: Number.isNaN(price) ? null : price,
    };
  };
}
