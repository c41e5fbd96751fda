const SEPARATORS = [',', ';', '\t'] as const;

/** The separator of a header line: the one that it holds most often. */
export function separatorOf(header: string): string {
  const counts = SEPARATORS.map((separator) => header.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Whether a quote is open at the end of the text, so that the record goes on in the next line. */
export function hasOpenQuote(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}

/** The cells of one record (RFC 4180). */
export function cellsOf(record: string, separator: string): string[] {
  if (!record.includes('"')) return record.split(separator);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const { cell, next } = record[at] === '"' ? quotedCell(record, at) : plainCell(record, at, separator);
    cells.push(cell);
    if (next >= record.length) return cells;
    at = next + 1;
    if (at === record.length) return [...cells, ''];
  }
}

function plainCell(record: string, at: number, separator: string): { cell: string; next: number } {
  const end = record.indexOf(separator, at);
  const next = end < 0 ? record.length : end;
  return { cell: record.slice(at, next), next };
}

function quotedCell(record: string, at: number): { cell: string; next: number } {
  let cell = '';
  let start = at + 1;
  for (;;) {
    const quote = record.indexOf('"', start);
    if (quote < 0) return { cell: cell + record.slice(start), next: record.length };
    cell += record.slice(start, quote);
    if (record[quote + 1] !== '"') return { cell, next: quote + 1 };
    cell += '"';
    start = quote + 2;
  }
}
