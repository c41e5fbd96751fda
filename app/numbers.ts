/** Numbers as the rest of the product writes them, whatever the browser's language. */
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const AMOUNT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const count = (value: number) => WHOLE.format(value);
export const amount = (value: number) => AMOUNT.format(value);
export const percent = (share: number, digits = 0) => `${(share * 100).toFixed(digits)}%`;
export const score = (value: number) => value.toFixed(3);
export const words = (name: string) => name.replaceAll('_', ' ');
