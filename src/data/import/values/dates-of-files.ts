import { quoted, quotedList } from '../../../text/quoted.ts';
import type { ImportContext } from '../import-context.ts';
import type { DateOrder } from '../import-request.ts';
import { rewriteFields } from '../staging/rewrite-fields.ts';
import type { StagedFile, StagedTable } from '../staging/staged-file.ts';
import {
  type DateDecision,
  type DateProblem,
  type DateShape,
  decideDates,
  hasShortYears,
  type OpenDates,
  type ShortYearReading,
} from './date-decision.ts';
import { dateOrderOf, dateShapes, refusedDates, shortYearReadings } from './written-dates.ts';
import { viewTexts } from './written-text.ts';

/** Separator of day, month and year to their order. */
type Orders = ReadonlyMap<string, DateOrder>;

/** How one of several files of a table writes the dates of a field. */
export interface FileDates {
  readonly file: StagedFile;
  readonly shapes: readonly DateShape[];
  readonly short: readonly ShortYearReading[];
  readonly orders: Orders;
  /** What of its dates could be read in several ways; undefined if nothing could. */
  readonly open: OpenDates | undefined;
}

export async function datesOfFiles(
  context: ImportContext,
  { files }: StagedTable,
  field: string,
): Promise<FileDates[]> {
  const dates: FileDates[] = [];
  for (const file of files) {
    if (field in file.match) dates.push(await datesOfFile(context, file, field));
  }
  return dates;
}

async function datesOfFile(
  { connection, request, now }: ImportContext,
  file: StagedFile,
  field: string,
): Promise<FileDates> {
  await viewTexts(connection, file.relation, field);
  const shapes = await dateShapes(connection);
  const short = hasShortYears(shapes) ? await shortYearReadings(connection, now) : [];
  const own = openDatesOf(decideDates(shapes, undefined, short));
  const wanted = own.open === undefined ? undefined : dateOrderOf(request.dateFormat);
  const read = wanted === undefined ? own : openDatesOf(decideDates(shapes, wanted, short));
  return { file, shapes, short, ...read };
}

/** The orders that dates show, or that the user names. That the day comes first between points is a habit and no proof. */
function openDatesOf(decided: DateDecision | DateProblem): Pick<FileDates, 'orders' | 'open'> {
  if ('problem' in decided) {
    return { orders: new Map(), open: decided.problem === 'unknown format' ? undefined : decided };
  }
  const { formats, dotted } = decided;
  const orders = formats.flatMap(({ separator, order }): [string, DateOrder][] => {
    const isHabit = separator === '.' && dotted !== undefined;
    return separator === undefined || order === undefined || isHabit ? [] : [[separator, order]];
  });
  const open =
    dotted === undefined ? undefined : ({ problem: 'day or month first', example: dotted } as const);
  return { orders: new Map(orders), open };
}

/**
 * If some files write the day first and others the month, writes the dates of all with the day first. A file whose dates tell
 * nothing has the order that the user names.
 *
 * @returns the order of all files, if they had different ones
 * @throws IMPORT_REFUSED if they do, and a file does not tell which one it has
 */
export async function alignDateOrders(
  { connection, decisions }: ImportContext,
  dates: readonly FileDates[],
  field: string,
): Promise<DateOrder | undefined> {
  const separators = new Set(dates.flatMap(({ orders }) => [...orders.keys()]));
  const ordersOf = (separator: string) => new Set(dates.flatMap(({ orders }) => orders.get(separator) ?? []));
  if ([...separators].every((separator) => ordersOf(separator).size === 1)) return undefined;
  for (const { file, open } of dates) {
    if (open !== undefined) throw refusedDates(`The file ${quoted(file.file.name)}`, field, open);
  }
  const others = dates.filter(({ orders }) => [...orders.values()].some((order) => order !== 'dmy'));
  for (const { file, orders } of others) {
    await rewriteFields(connection, file, { [field]: withDayFirstSql(field, orders) });
  }
  const names = quotedList(others.map(({ file }) => file.file.name));
  decisions.say(
    `Each file is read by its own order of day, month and year; in ${names} ${field} does not begin with the day.`,
  );
  return 'dmy';
}

/** Where day, month and year are among three parts. */
const PLACES = {
  dmy: String.raw`\1\2\3\4\5`,
  mdy: String.raw`\3\2\1\4\5`,
  ymd: String.raw`\5\2\3\4\1`,
} as const satisfies Record<DateOrder, string>;

/** The SQL for a field whose numeric dates have the day first. */
function withDayFirstSql(field: string, orders: Orders): string {
  return [...orders].reduce((text, [separator, order]) => {
    const date = String.raw`^(\s*\d{1,2})([${separator}])(\d{1,2})([${separator}])(\d{4}|\d{2})`;
    return order === 'dmy' ? text : `regexp_replace(${text}, '${date}', '${PLACES[order]}')`;
  }, field);
}
