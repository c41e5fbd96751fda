/** Numbers as the rest of the product writes them, whatever the browser's language. */
import { formatPercent } from '../src/text/format.ts';

export { formatAmount as amount, formatCount as count, plural } from '../src/text/format.ts';

export function percent(share: number, digits = 0): string {
  return formatPercent(share, digits);
}

export const score = (value: number) => value.toFixed(3);
export const words = (name: string) => name.replaceAll('_', ' ');
