/** The header of a CSV file, and the character that separates its columns. */
export interface CsvHead {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The separator is the one that cuts the first line into the most columns. */
export function readCsvHead(text: string): CsvHead {
  const heads = DELIMITERS.map((delimiter) => ({ delimiter, columns: firstRecord(text, delimiter) }));
  return heads.reduce((best, head) => (head.columns.length > best.columns.length ? head : best));
}

/** The fields of the first record, by RFC 4180: quotes may hold separators, line ends and doubled quotes. */
function firstRecord(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let inQuotes = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (inQuotes) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') field += text[++at];
      else inQuotes = false;
    } else if (char === '"' && field === '') inQuotes = true;
    else if (char === delimiter) {
      fields.push(field);
      field = '';
    } else if (char === '\n' || char === '\r') break;
    else field += char;
  }
  return [...fields, field].map((name) => name.trim());
}
