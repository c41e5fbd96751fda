import type { DataSource, Id } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { plainText } from '../text/plain-text.ts';
import { quoted, quotedList } from '../text/quoted.ts';

/** What the shop says of a product. */
export interface KnownProduct {
  /** Its id if it has no name. */
  readonly name: string;
  readonly category: string | null;
  /** In the shop's currency; null if it has none. */
  readonly price: number | null;
}

/**
 * The one product that a text means: an id, a name, or a part of a name that no other product has.
 *
 * @throws UNKNOWN_PRODUCT, INVALID_ARGUMENT if it means several
 */
export async function findProduct(
  text: string,
  data: DataSource,
  signal?: AbortSignal | undefined,
): Promise<KnownProduct & { readonly productId: Id }> {
  const found = await data.columns({ file: 'portable/reads/products_matching', values: [text], signal });
  const ids = found.ids('product_id');
  const productOf = await readProducts(data, signal);
  if (ids.length === 1) return { productId: ids[0], ...productOf(ids[0]) };
  if (ids.length === 0) {
    throw new ChurnMcpError('UNKNOWN_PRODUCT', `No product matches ${quoted(text)}.`, {
      hint: 'Give the id of a product, its name or a part of its name, as the shop writes it.',
    });
  }
  const named = ids.map((id) => `${productOf(id).name} (${id})`);
  throw new ChurnMcpError('INVALID_ARGUMENT', `${quoted(text)} matches ${ids.length} products.`, {
    hint: `Give the id of one of them: ${quotedList(named, 5)}.`,
  });
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
  const describe = (productId: Id): KnownProduct => {
    const row = rows.get(productId);
    if (row === undefined) return { name: plainText(String(productId)), category: null, price: null };
    const [name, category, price] = [names[row] ?? String(productId), categories[row], prices[row]];
    return {
      name: plainText(name),
      category: category === null ? null : plainText(category),
      price: Number.isNaN(price) ? null : price,
    };
  };
  // Lists name few products millions of times, and cleaning a text takes longer than finding it.
  const known = new Map<Id, KnownProduct>();
  return (productId) => {
    const product = known.get(productId) ?? describe(productId);
    known.set(productId, product);
    return product;
  };
}
