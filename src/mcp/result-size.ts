/**
 * How long an answer may be. Some clients cut answers at 25,000 tokens, and a model would then see half a
 * list without knowing that the rest is missing.
 */
const MOST_TOKENS = 20_000;

/**
 * Bytes per token: 3.0 for a list of customers at risk as JSON, 3.8 for recommendations, 2.7 for a list of models, counted
 * by a public tokenizer (o200k). Others count up to a fifth more, which the cap leaves room for.
 */
const BYTES_A_TOKEN = 2.9;

export function isWithinCap(structuredContent: unknown): boolean {
  const bytes = Buffer.byteLength(JSON.stringify(structuredContent) ?? '');
  return bytes <= MOST_TOKENS * BYTES_A_TOKEN;
}

/**
 * The largest number of rows, from the first, whose answer fits.
 * @param answer the whole answer for the given number of rows
 */
export function fittingRows(rowCount: number, answer: (rows: number) => unknown): number {
  if (isWithinCap(answer(rowCount))) return rowCount;
  let [fits, tooMany] = [0, rowCount];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (isWithinCap(answer(middle))) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

/** Where a list goes on after a page; null at its end, or if not even one row fits. */
export function nextOffset(page: {
  readonly offset: number;
  readonly rows: number;
  readonly total: number;
}): number | null {
  const end = page.offset + page.rows;
  return end < page.total && page.rows > 0 ? end : null;
}
