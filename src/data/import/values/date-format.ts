import type { DateOrder } from '../import-request.ts';

/** One way to write a date. Only constants of this file, and counts, decide what goes into a statement. */
export interface DateFormat {
  readonly name: string;
  /** The texts in this format: a regular expression with the same meaning in JavaScript and DuckDB. */
  readonly pattern: string;
  /** The text `t` as `YYYY-MM-DD`, with a space and its time if it has one; or a timestamp, if `isTimestamp`. */
  readonly read: string;
  readonly isTimestamp?: true;
  /** Set if day and month have the same form, so that the order has to be decided by other dates. */
  readonly order?: DateOrder;
  /** Set if the year has two digits, so that it may be the first of the three as well. */
  readonly hasShortYear?: true;
  /** The separator between day, month and year; the order is decided per separator. */
  readonly separator?: string;
}

const CLOCK = String.raw`\d{1,2}(?:[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?)?(?: ?[AaPp]\.? ?[Mm]\.?)?`;
/** Unambiguous abbreviations of time zones, in minutes east of UTC. */
export const ZONE_MINUTES: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, WEST: 60, BST: 60, CET: 60, CEST: 120, EET: 120, EEST: 180, MSK: 180 },
  ...{ EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420 },
  ...{ AKST: -540, AKDT: -480, HST: -600, JST: 540, KST: 540, AEST: 600, AEDT: 660, NZST: 720, NZDT: 780 },
};
/** A zone at the end of a text: an offset, an abbreviation, or both; the name of a place in brackets is ignored. */
export const ZONE = String.raw` ?(?:(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|${Object.keys(ZONE_MINUTES).join('|')})(?: ?[(\[][^)\]]*[)\]])?`;
const TIME = `(?:(?:,? +|,? ?T|,)${CLOCK}(?:${ZONE})?|${ZONE})?`;
/** Letters of Latin, Greek and Cyrillic words; JavaScript and DuckDB read the range alike. */
const LETTER = '[A-Za-z\u00c0-\u04ff]';
const WEEKDAY = `(?:${LETTER}{2,13}\\.?,? )?`;
/** In which language months are named is `macro_month_number.sql`'s. */
const MONTH = `${LETTER}{3,12}`;
/** Between day, month and year of a date with a month's name: "31 de diciembre de 2024". */
const BETWEEN = '(?:[-/., ]+(?:de |del )?)';
const DAY = String.raw`\d{1,2}(?:st|nd|rd|th|er|º|ª)?`;

const ISO: DateFormat = {
  name: 'year-month-day',
  pattern: String.raw`\d{4}([-/.])\d{1,2}[-/.]\d{1,2}${TIME}`,
  read: rewritten(String.raw`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`, String.raw`\1-\2-\3`),
};
/** 2025年1月15日, 2025년 1월 15일 */
const EAST_ASIAN: DateFormat = {
  name: 'year-month-day with signs',
  pattern: String.raw`\d{4}[年년] ?\d{1,2}[月월] ?\d{1,2}[日일]${TIME}`,
  read: rewritten(String.raw`(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일]`, String.raw`\1-\2-\3`),
};
const COMPACT: DateFormat = {
  name: 'yyyymmdd',
  pattern: String.raw`(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])${TIME}`,
  read: rewritten(String.raw`(\d{4})(\d{2})(\d{2})`, String.raw`\1-\2-\3`),
};
const COMPACT_WITH_TIME: DateFormat = {
  name: 'yyyymmddhhmmss',
  pattern: String.raw`(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[T ]?\d{6}(${ZONE})?`,
  read: String.raw`regexp_replace(t, '^(\d{4})(\d{2})(\d{2})[T ]?(\d{2})(\d{2})(\d{2})', '\1-\2-\3 \4:\5:\6')`,
};
const EPOCHS: readonly DateFormat[] = [
  ['seconds', String.raw`\d{9,10}(\.\d+)?`, 1_000_000],
  ['milliseconds', String.raw`\d{12,13}(\.\d+)?`, 1000],
  ['microseconds', String.raw`\d{15,16}`, 1],
].map(([unit, pattern, microseconds]) => ({
  name: `${unit} since 1970`,
  pattern: String(pattern),
  read: `make_timestamp(cast(try_cast(t as decimal(38, 6)) * ${microseconds} as bigint))`,
  isTimestamp: true,
}));
const EPOCH_NANOSECONDS: DateFormat = {
  name: 'nanoseconds since 1970',
  pattern: String.raw`\d{18,19}`,
  read: 'make_timestamp(cast(try_cast(t as bigint) // 1000 as bigint))',
  isTimestamp: true,
};
/** Days since 1899-12-30, from 1954 to 2119. */
const EXCEL: DateFormat = {
  name: 'serial days of a spreadsheet',
  pattern: String.raw`[2-7]\d{4}([.,]\d+)?`,
  read: `(timestamp '1899-12-30' + to_seconds(round(try_cast(replace(t, ',', '.') as double) * 86400)))`,
  isTimestamp: true,
};

const NAMED: readonly DateFormat[] = [
  {
    name: 'day month-name year',
    pattern: String.raw`${WEEKDAY}${DAY}${BETWEEN}${MONTH}${BETWEEN}(?:\d{4}|\d{2})${TIME}`,
    read: named(
      String.raw`(\d{1,2})(?:st|nd|rd|th|er|º|ª)?${BETWEEN}(${MONTH})${BETWEEN}(\d{4}|\d{2})`,
      [1, 2, 3],
    ),
  },
  {
    name: 'month-name day year',
    pattern: String.raw`${WEEKDAY}${MONTH}[-/., ]+${DAY}[-/., ]+(?:\d{4}|\d{2})${TIME}`,
    read: named(
      String.raw`(${MONTH})[-/., ]+(\d{1,2})(?:st|nd|rd|th|er|º|ª)?[-/., ]+(\d{4}|\d{2})`,
      [2, 1, 3],
    ),
  },
  {
    name: 'year month-name day',
    pattern: String.raw`\d{4}[-/., ]+${MONTH}[-/., ]+\d{1,2}${TIME}`,
    read: named(String.raw`(\d{4})[-/., ]+(${MONTH})[-/., ]+(\d{1,2})`, [3, 2, 1]),
  },
];

function numericFormats(order: 'dmy' | 'mdy'): DateFormat[] {
  const words = order === 'dmy' ? ['day', 'month', 'year'] : ['month', 'day', 'year'];
  const dayAndMonth = order === 'dmy' ? String.raw`\2-\1` : String.raw`\1-\2`;
  return ['/', '-', '.'].flatMap((separator) => {
    const between = separator === '.' ? String.raw`\.` : separator;
    const date = String.raw`(\d{1,2})${between}(\d{1,2})${between}`;
    const shared = { order, separator };
    return [
      {
        ...shared,
        name: words.join(separator),
        pattern: String.raw`\d{1,2}${between}\d{1,2}${between}\d{4}${TIME}`,
        read: rewritten(String.raw`${date}(\d{4})`, `\\3-${dayAndMonth}`),
      },
      {
        ...shared,
        hasShortYear: true,
        name: `${words.join(separator)} (two-digit year)`,
        pattern: String.raw`\d{1,2}${between}\d{1,2}${between}\d{2}${TIME}`,
        read: `${century(`regexp_extract(t, '^${date}(\\d{2})', 3)`)} || ${rewritten(String.raw`${date}(\d{2})`, `\\3-${dayAndMonth}`)}`,
      },
    ];
  });
}

/** A date of two-digit parts, by what separates them. */
const SHORT_YEAR_FIRST = ['/', '-', '.'].map((separator): DateFormat => {
  const between = separator === '.' ? String.raw`\.` : separator;
  const date = String.raw`(\d{2})${between}(\d{1,2})${between}(\d{1,2})`;
  return {
    name: `year${separator}month${separator}day (two-digit year)`,
    order: 'ymd',
    separator,
    hasShortYear: true,
    pattern: String.raw`\d{2}${between}\d{1,2}${between}\d{1,2}${TIME}`,
    read: `${century('left(t, 2)')} || ${rewritten(date, String.raw`\1-\2-\3`)}`,
  };
});

/** Replaces the date at the beginning of `t`; what follows is the time. */
function rewritten(date: string, replacement: string): string {
  return `regexp_replace(t, '^${date}[T, ]*', '${replacement} ')`;
}

/** Same rule as Oracle's RR and strptime: 70 to 99 belong to the last century. */
function century(year: string): string {
  return `case when ${year} >= '70' then '19' else '20' end`;
}

/** A date whose month is a name; `groups` are those of its day, month and year. */
function named(date: string, groups: readonly [day: number, month: number, year: number]): string {
  const [day, month, year] = groups.map((group) => `regexp_extract(t, '${date}', ${group})`);
  const fullYear = `case when strlen(${year}) = 2 then ${century(String(year))} || ${year} else ${year} end`;
  const number = `lpad(cast(month_number(${month}) as varchar), 2, '0')`;
  return `${fullYear} || '-' || ${number} || '-' || lpad(${day}, 2, '0') || ' ' || ltrim(regexp_replace(t, '^${WEEKDAY}${date}', ''), 'T, ')`;
}

export const DAY_FIRST: readonly DateFormat[] = numericFormats('dmy');
export const MONTH_FIRST: readonly DateFormat[] = numericFormats('mdy');
export const YEAR_FIRST: readonly DateFormat[] = SHORT_YEAR_FIRST;
/** Formats of texts that can only be dates. */
export const WRITTEN_DATES: readonly DateFormat[] = [ISO, EAST_ASIAN, ...NAMED];
/** Formats that a single text is enough to recognise. */
export const UNMISTAKABLE: readonly DateFormat[] = [
  ISO,
  EAST_ASIAN,
  COMPACT,
  COMPACT_WITH_TIME,
  ...NAMED,
  ...EPOCHS,
  EPOCH_NANOSECONDS,
  EXCEL,
];

export function isWritten(format: Pick<DateFormat, 'pattern'>, text: string): boolean {
  return new RegExp(`^(?:${format.pattern})$`).test(text);
}
