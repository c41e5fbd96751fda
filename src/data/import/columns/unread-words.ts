import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { readCount } from '../../duckdb/read-count.ts';
import { loadSql } from '../../load-sql.ts';
import { columnSql } from '../files/file-reader.ts';
import { hasOneValue } from '../files/json-columns.ts';
import { copyRows } from './copy-rows.ts';
import type { OrdersFile } from './lines-within.ts';

/** Rows that tell whether a column holds statuses, and cells that are read for it at most. */
const MOST_ROWS = 20_000;
const MOST_CELLS = 2_000_000;

const wordSchema = z.object({
  position: z.coerce.number(),
  word: z.string(),
  row_count: z.coerce.number(),
  is_yes: z.boolean(),
  is_no: z.boolean(),
});
const ownersSchema = z.object({ only_lost: z.coerce.number(), with_others: z.coerce.number() });

/** The words of a column, each with the rows that have it. */
export interface CountedWords {
  readonly words: ReadonlyMap<string, number>;
  /** True if every word is a yes or a no, and some are a yes. */
  readonly isFlag: boolean;
}

/** Column of a file to its words. */
type WordsOfColumns = ReadonlyMap<number, CountedWords>;

/**
 * The words of the columns of a file that have few of them and that no field is read from.
 *
 * @param mayTell whether words are of interest. If they are, the column is read to the end of the file, else only its first
 * rows are.
 */
export async function unreadWords(
  connection: DuckDBConnection,
  file: OrdersFile,
  mayTell: (column: string, words: CountedWords) => boolean,
): Promise<WordsOfColumns> {
  const unread = unreadColumns(file);
  const most = Math.min(MOST_ROWS, Math.ceil(MOST_CELLS / Math.max(unread.length, 1)));
  const first = await readWords(connection, file, unread, most);
  const telling = [...first.words].flatMap(([column, words]) =>
    mayTell(file.columns[column] ?? '', words) ? [column] : [],
  );
  if (first.rows < most) return new Map([...first.words].filter(([column]) => telling.includes(column)));
  return wordsOf(connection, file, telling);
}

/** The words of columns, in all rows. A column with many different words is left out. */
export async function wordsOf(
  connection: DuckDBConnection,
  file: OrdersFile,
  columns: readonly number[],
): Promise<WordsOfColumns> {
  return (await readWords(connection, file, columns, undefined)).words;
}

/** Types of columns that may hold words or flags. */
const TYPES = /^(VARCHAR|ENUM|BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT)$)/;

/** Columns that hold one text per row, and that no field is read from. The columns of known shop systems are all known. */
function unreadColumns({ columns, types, paths, list, match, system }: OrdersFile): number[] {
  if (system !== undefined) return [];
  const read = new Set(Object.values(match));
  return columns.flatMap((_, column) => {
    const isText = TYPES.test(types[column] ?? '');
    return hasOneValue(paths[column] ?? [], list) && isText && !read.has(column) ? [column] : [];
  });
}

async function readWords(
  connection: DuckDBConnection,
  file: OrdersFile,
  columns: readonly number[],
  most: number | undefined,
): Promise<{ readonly rows: number; readonly words: WordsOfColumns }> {
  const words = new Map<number, CountedWords>();
  if (columns.length === 0) return { rows: 0, words };
  const texts = columns.map((column) => `cast(${columnSql(file.file, file, column)} as varchar)`);
  await copyRows(connection, file, columns, {
    table: 'unread_texts',
    select: `[${texts.join(', ')}] as texts, ${most === undefined ? 'count(*)' : '1'} as row_count`,
    // All rows are read only of columns with few words, so few lists are kept.
    ...(most === undefined ? { groupBy: texts } : { most }),
  });
  const rows = await readCount(connection, 'select coalesce(sum(row_count), 0) from unread_texts');
  for (const macro of ['says_yes', 'says_no'] as const)
    await connection.run(loadSql(`duckdb/import/macro_${macro}`));
  const result = await connection.runAndReadAll(loadSql('duckdb/import/unread_words'));
  await connection.run('drop table unread_texts');
  const found = result.getRowObjectsJson().map((row) => wordSchema.parse(row));
  for (const [at, column] of columns.entries()) {
    const ofColumn = found.filter(({ position }) => position === at + 1);
    if (ofColumn.length === 0) continue;
    words.set(column, {
      words: new Map(ofColumn.map(({ word, row_count }) => [word, row_count])),
      isFlag: ofColumn.every(({ is_yes, is_no }) => is_yes || is_no) && ofColumn.some(({ is_yes }) => is_yes),
    });
  }
  return { rows, words };
}

/**
 * Of the owners (customers, or products) who have several orders, of which some are no sales by a word of a column: how
 * many have this word in all their orders, and how many have others too. A status of the customer is the same in all their orders.
 */
export async function ownersOf(
  connection: DuckDBConnection,
  file: OrdersFile,
  { owner, column, lost }: { owner: number; column: number; lost: readonly string[] },
): Promise<{ readonly onlyLost: number; readonly withOthers: number }> {
  const order = file.match.order_id;
  const sqlOf = (at: number) => `cast(${columnSql(file.file, file, at)} as varchar)`;
  const orderId = order === undefined ? 'cast(row_number() over () as varchar)' : sqlOf(order);
  await copyRows(connection, file, [owner, column, ...(order === undefined ? [] : [order])], {
    table: 'owned_words',
    select: `${sqlOf(owner)} as owner, ${orderId} as order_id, ${sqlOf(column)} as word`,
  });
  const found = await connection.runAndReadAll(loadSql('duckdb/import/owners_of_lost_words'), [
    JSON.stringify(lost),
  ]);
  await connection.run('drop table owned_words');
  const { only_lost, with_others } = ownersSchema.parse(found.getRowObjectsJson()[0]);
  return { onlyLost: only_lost, withOthers: with_others };
}
