/** The header of a CSV file, and the character that separates its columns. */
export interface CsvHead {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** Lines before the header: `sep=;`, titles, empty lines. */
  readonly linesBefore: number;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Records in which the header is searched, because it comes early. */
const RECORDS = 60;
/** A header has names for at least this share of its columns; a title has one or two. */
const NAMED_SHARE = 0.6;

/**
 * The header is the first record with names for most columns, and the separator the one by which it has as many columns as
 * the records after it; of several, the one that cuts it into the most.
 */
export function readCsvHead(text: string): CsvHead {
  const declared = /^\s*sep=(.)\s*[\r\n]/i.exec(text)?.[1];
  const delimiters = declared === undefined ? DELIMITERS : [declared];
  const heads = delimiters.map((delimiter) => headBy(text, delimiter, declared === undefined ? 0 : 1));
  const [best] = heads.toSorted(
    (a, b) =>
      Number(b.columns.length > 1) - Number(a.columns.length > 1) ||
      Number(b.fits) - Number(a.fits) ||
      a.linesBefore - b.linesBefore ||
      b.columns.length - a.columns.length,
  );
  const { delimiter = ',', columns = [], linesBefore = 0 } = best ?? {};
  return { delimiter, columns, linesBefore };
}

interface HeadByDelimiter extends CsvHead {
  /** True if most records have as many fields as the header. */
  readonly fits: boolean;
}

function headBy(text: string, delimiter: string, skipped: number): HeadByDelimiter {
  const records = firstRecords(text, delimiter).slice(skipped);
  const filled = records.filter(({ fields }) => fields.some((field) => field !== ''));
  const width = mostFrequent(filled.map(({ fields }) => fields.length));
  const least = Math.max(Math.min(width, 2), Math.ceil(width * NAMED_SHARE));
  const isHeader = ({ fields }: TextRecord) => fields.filter((field) => field !== '').length >= least;
  const header = filled.find(isHeader) ?? filled[0];
  const columns = header?.fields ?? [''];
  return { delimiter, columns, linesBefore: header?.line ?? 0, fits: columns.length === width };
}

/** The most frequent number; if two are equally frequent, the greater one. */
function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  const [best] = [...counts].toSorted(([a, ofA], [b, ofB]) => ofB - ofA || b - a);
  return best?.[0] ?? 1;
}

interface TextRecord {
  /** Lines before it. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** The first records, by RFC 4180: quoted values may hold separators, line ends and doubled quotes. */
function firstRecords(text: string, delimiter: string): TextRecord[] {
  const records: TextRecord[] = [];
  let fields: string[] = [];
  let field = '';
  let inQuotes = false;
  let line = 0;
  let lineOfRecord = 0;
  const endRecord = () => {
    records.push({ line: lineOfRecord, fields: [...fields, field].map((name) => name.trim()) });
    fields = [];
    field = '';
  };
  for (let at = 0; at < text.length && records.length < RECORDS; at++) {
    const char = text[at] ?? '';
    if (char === '\n' || (char === '\r' && text[at + 1] !== '\n')) line++;
    if (inQuotes) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') field += text[++at];
      else inQuotes = false;
    } else if (char === '"' && field === '') inQuotes = true;
    else if (char === delimiter) {
      fields.push(field);
      field = '';
    } else if (char === '\n' || (char === '\r' && text[at + 1] !== '\n')) {
      endRecord();
      lineOfRecord = line;
    } else if (char !== '\r') field += char;
  }
  if (records.length < RECORDS && (field !== '' || fields.length > 0)) endRecord();
  return records;
}
