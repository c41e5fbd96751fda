/** Numbers as the rest of the product writes them, whatever the browser's language. */
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const AMOUNT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const count = (value: number) => WHOLE.format(value);
export const amount = (value: number) => AMOUNT.format(value);
/** Only shares of exactly 0 or 1 are shown as 0% or 100%; others near them as "<1%" or ">99%". */
export function percent(share: number, digits = 0): string {
  const rounded = (share * 100).toFixed(digits);
  const step = 10 ** -digits;
  if (share > 0 && Number(rounded) === 0) return `<${step}%`;
  if (share < 1 && Number(rounded) === 100) return `>${(100 - step).toFixed(digits)}%`;
  return `${rounded}%`;
}

export const score = (value: number) => value.toFixed(3);
export const words = (name: string) => name.replaceAll('_', ' ');
