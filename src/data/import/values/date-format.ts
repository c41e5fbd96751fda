import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { ShopTable } from '../../duckdb/shop-tables.ts';
import { loadSql } from '../../load-sql.ts';
import { fileOf } from '../columns/column-matcher.ts';
import type { DateOrder } from '../import-report.ts';
import { viewTexts } from './written-text.ts';

/**
 * One way to write a date. `pattern` says which texts are written so, `read` makes a timestamp (UTC) of the
 * text `t`, or NULL. Only constants of this file go into `read`.
 */
export interface DateFormat {
  readonly name: string;
  readonly pattern: string;
  readonly read: string;
}

const TIME = String.raw`([ T]+\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?[AaPp]\.?[Mm]\.?)?)?`;
const ZONE = String.raw`( ?(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?))?`;
const MONTH = '[A-Za-z]{3,9}';

/** Times that may follow a date, as `strptime` writes them. The empty one is the date alone. */
const TIME_FORMATS = [
  '',
  ' %H:%M:%S',
  ' %H:%M',
  ' %H:%M:%S.%f',
  'T%H:%M:%S',
  'T%H:%M',
  ' %I:%M %p',
  ' %I:%M:%S %p',
  ' %I:%M:%S%p',
  ' %I:%M%p',
];

const ISO: DateFormat = {
  name: 'year-month-day',
  pattern: String.raw`\d{4}([-/.])\d{1,2}[-/.]\d{1,2}${TIME}${ZONE}`,
  // With the session's time zone set to UTC, a suffix is converted and a text without one is taken as UTC.
  read: `cast(try_cast(replace(regexp_replace(regexp_replace(t, '^(\\d{4})[./](\\d{1,2})[./]', '\\1-\\2-'), ' ?(Z|GMT|UTC)$', '+00'), 'T', ' ') as timestamptz) as timestamp)`,
};
const COMPACT: DateFormat = {
  name: 'yyyymmdd',
  pattern: String.raw`(19|20)\d{6}`,
  read: "try_strptime(t, '%Y%m%d')",
};
const EPOCH_SECONDS: DateFormat = {
  name: 'seconds since 1970',
  pattern: String.raw`\d{9,10}(\.\d+)?`,
  read: 'cast(to_timestamp(try_cast(t as double)) as timestamp)',
};
const EPOCH_MILLISECONDS: DateFormat = {
  name: 'milliseconds since 1970',
  pattern: String.raw`\d{12,13}`,
  read: 'epoch_ms(try_cast(t as bigint))',
};

function numericFormats(order: 'dmy' | 'mdy'): DateFormat[] {
  return ['/', '-', '.'].flatMap((separator) =>
    (['%Y', '%y'] as const).map((year) => {
      const parts = order === 'dmy' ? ['%d', '%m', year] : ['%m', '%d', year];
      const escaped = separator === '.' ? String.raw`\.` : separator;
      const digits = year === '%Y' ? '{4}' : '{2}';
      const words = order === 'dmy' ? ['day', 'month', 'year'] : ['month', 'day', 'year'];
      return {
        name: words.join(separator) + (year === '%y' ? ' (two-digit year)' : ''),
        pattern: String.raw`\d{1,2}${escaped}\d{1,2}${escaped}\d${digits}${TIME}`,
        read: strptimeSql(parts.join(separator)),
      };
    }),
  );
}

const NAMED: readonly DateFormat[] = [
  {
    name: 'day month-name year',
    pattern: String.raw`\d{1,2}[- ]${MONTH}[- ,]+\d{2,4}${TIME}`,
    read: namedSql(['%d %b %Y', '%d %B %Y', '%d %b %y']),
  },
  {
    name: 'month-name day year',
    pattern: String.raw`${MONTH}[- ]\d{1,2},?[- ]+\d{4}${TIME}`,
    read: namedSql(['%b %d %Y', '%B %d %Y']),
  },
];

function strptimeSql(date: string): string {
  return `try_strptime(t, [${TIME_FORMATS.map((time) => `'${date}${time}'`).join(', ')}])`;
}

function namedSql(dates: readonly string[]): string {
  const formats = dates.flatMap((date) => TIME_FORMATS.map((time) => `'${date}${time}'`));
  return `try_strptime(regexp_replace(t, '[-, ]+', ' ', 'g'), [${formats.join(', ')}])`;
}

const DAY_FIRST = numericFormats('dmy');
const MONTH_FIRST = numericFormats('mdy');
const UNMISTAKABLE = [ISO, COMPACT, ...NAMED, EPOCH_SECONDS, EPOCH_MILLISECONDS];

const countsSchema = z.object({
  shape: z.string(),
  example: z.string(),
  row_count: z.coerce.number(),
  first_above_12: z.coerce.number(),
  second_above_12: z.coerce.number(),
});
export type DateShape = z.infer<typeof countsSchema>;

/** Reads a date column's shapes (`9999-99-99 99:99`) and decides on one format for the whole column. */
export async function dateFormatOf(
  connection: DuckDBConnection,
  table: ShopTable,
  field: 'order_date' | 'registration_date',
  order: DateOrder | undefined,
): Promise<DateFormat> {
  await viewTexts(connection, table, field);
  const result = await connection.runAndReadAll(loadSql('duckdb/import/date_shapes'));
  const shapes = result.getRowObjectsJson().map((row) => countsSchema.parse(row));
  return decideDateFormat(shapes, order) ?? refuseAmbiguous(table, field);
}

/**
 * The format that most rows of the column are written in. Day/month or month/day is decided over the whole column:
 * one value above 12 tells.
 *
 * @returns undefined where day and month cannot be told apart
 */
export function decideDateFormat(
  shapes: readonly DateShape[],
  order: DateOrder | undefined,
): DateFormat | undefined {
  const rowsOf = (format: DateFormat, count: (shape: DateShape) => number) => {
    const written = new RegExp(`^(?:${format.pattern})$`);
    return shapes
      .filter(({ example }) => written.test(example))
      .reduce((sum, shape) => sum + count(shape), 0);
  };
  const candidates = [...UNMISTAKABLE, ...DAY_FIRST].map((format) => ({
    format,
    rows: rowsOf(format, (s) => s.row_count),
  }));
  const best = candidates.reduce((most, candidate) => (candidate.rows > most.rows ? candidate : most));
  const numeric = DAY_FIRST.indexOf(best.format);
  if (numeric < 0) return best.format;
  const monthFirst = MONTH_FIRST[numeric];
  if (order === 'dmy') return best.format;
  if (order === 'mdy') return monthFirst;
  const dayFirstRows = rowsOf(best.format, (shape) => shape.first_above_12);
  const monthFirstRows = rowsOf(best.format, (shape) => shape.second_above_12);
  // A few rows of the other order are typing errors; as many as that are two systems in one column.
  if (dayFirstRows > 20 * monthFirstRows) return best.format;
  if (monthFirstRows > 20 * dayFirstRows) return monthFirst;
  return undefined;
}

function refuseAmbiguous(table: ShopTable, field: string): never {
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The ${fileOf(table)} file does not tell whether ${field} is written day/month/year or month/day/year.`,
    { hint: 'Say which it is: --date-format dmy or --date-format mdy. Dates as YYYY-MM-DD need no option.' },
  );
}
