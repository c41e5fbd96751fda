/**
 * Whether rows with this reason were understood and left out for their meaning; all other rejected rows are
 * unusable. `sql/duckdb/import/macro_is_understood.sql` is the same rule for statements.
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
