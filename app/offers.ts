/** Products to offer a customer, the likeliest first: each with what speaks for it and the chance that they buy it. */
import type { Offer } from './answers.ts';
import { element, meter } from './elements.ts';
import { amount } from './numbers.ts';

export function offerList(offers: readonly Offer[]): HTMLElement {
  return element('ol', { class: 'offers' }, ...offers.map(offerItem));
}

function offerItem({ product_name, product_category, price, reason, purchase_probability }: Offer) {
  const priceText = typeof price === 'number' ? `price ${amount(price)}` : undefined;
  const beside = [product_category, priceText, reason].flatMap((fact) =>
    fact ? [element('small', { class: 'category' }, fact)] : [],
  );
  return element('li', {}, product_name, ...beside, meter(purchase_probability, 1));
}
