/** How columns are compared: no case, no accents, no separators. `Customer ID` and `customer_id` are the same. */
export function comparableName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '');
}
