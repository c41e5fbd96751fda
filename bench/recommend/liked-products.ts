/** What a customer of a generated shop draws from its products. */

/**
 * Zipf: the product of rank r sells as often as 1/r. Kinds are dealt out in turn, and most draws are of the three kinds that the
 * customer likes.
 *
 * @param draw the next random number from 0 below 1
 * @returns a draw of this customer: the rank of a product, from 0
 */
export function likedProducts(
  draw: () => number,
  { products, kinds }: { readonly products: number; readonly kinds: number },
): () => number {
  const tastes = [0, 1, 2].map(() => Math.floor(draw() * kinds));
  return () => {
    const drawn = Math.min(products - 1, Math.floor(products ** draw() - 1));
    const taste = tastes[Math.floor(draw() * tastes.length)];
    return draw() < 0.6 ? Math.min(products - 1, drawn - (drawn % kinds) + taste) : drawn;
  };
}
