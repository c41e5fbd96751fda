/**
 * Whether rows with this reason were read and understood, and are left out for what they say; all others could not be
 * used. `sql/duckdb/import/macro_is_understood.sql` is the same rule for statements.
 */
export function isUnderstood(reason: string): boolean {
  return (
    reason.startsWith('no sale: ') ||
    reason.startsWith('order left out: ') ||
    ['no customer', 'guest', 'later than today', 'refund', 'other currency', 'quantity of zero'].includes(
      reason,
    )
  );
}
