import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import { mapExample } from '../columns/column-matcher.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import { type ShopSystem, systemsOf } from '../systems/shop-system.ts';
import { sayInAndOut } from './in-and-out.ts';
import { meaningOfStatus, type StatusOf, statusKindOf } from './status-meaning.ts';
import { plainStatus, type StatusMeaning } from './status-words.ts';

/** A word of a status column, and what it was taken to mean. */
export interface StatusDecision {
  readonly table: 'orders' | 'order_items';
  readonly field: 'order_status' | 'payment_status';
  /** The column as the file names it. */
  readonly column: string;
  readonly word: string;
  readonly rows: number;
  readonly meaning: StatusMeaning;
  /** An unknown word counts as a sale, unless the column is a log of events. */
  readonly counts: boolean;
}

/** A column with more different words than this holds no statuses, but names, comments or numbers. */
const MOST_WORDS = 60;

const wordSchema = z.object({
  table_name: z.enum(['orders', 'order_items']),
  field: z.enum(['order_status', 'payment_status']),
  word: z.string(),
  row_count: z.coerce.number(),
  negative_count: z.coerce.number(),
});
const flagsSchema = z.object({ table_name: z.enum(['orders', 'order_items']), has_flags: z.boolean() });

/**
 * Decides which words of the status columns are sales, and sets the variables of
 * `sql/duckdb/import/macro_orders_meaning.sql`.
 *
 * @param wanted the words that the user says are sales; then no other is. `all` takes every row for a sale.
 * @throws IMPORT_REFUSED if a wanted word is in no row
 */
export async function decideStatuses(
  connection: DuckDBConnection,
  shop: Pick<ShopFiles, 'files'>,
  wanted: readonly string[] | undefined,
): Promise<StatusDecision[]> {
  const systems = systemsOf(shop);
  const rows = (await connection.runAndReadAll(loadSql('duckdb/import/status_words'))).getRowObjectsJson();
  const words = rows.map((row) => wordSchema.parse(row));
  const fields = [...new Set(words.map(fieldOf))].map((field) =>
    words.filter((word) => fieldOf(word) === field),
  );
  const decisions = fields
    .filter((ofField) => ofField.length <= MOST_WORDS)
    .flatMap((ofField) => decideColumn(ofField, { systems, wanted, column: nameOf(ofField[0], shop) }));
  if (wanted !== undefined) requireWanted(wanted, decisions);
  await writeMeanings(connection, decisions, takesAll(wanted));
  return decisions;
}

type Word = z.infer<typeof wordSchema>;

function fieldOf({ table_name, field }: Word): string {
  return `${table_name}.${field}`;
}

/** The column that a field is read from, as the first file with it names it. */
function nameOf(word: Word | undefined, { files }: Pick<ShopFiles, 'files'>): string {
  const names = files.flatMap(({ table, columns, match }) =>
    table === word?.table_name ? (columns[match[word.field] ?? -1] ?? []) : [],
  );
  return names[0] ?? word?.field ?? '';
}

/** Everything besides the words that tells what they mean. */
interface WordContext {
  readonly column: string;
  readonly systems: readonly ShopSystem[];
  readonly wanted: readonly string[] | undefined;
}

function decideColumn(words: readonly Word[], { column, systems, wanted }: WordContext): StatusDecision[] {
  if (wanted === undefined) refuseInAndOut(words, column);
  const kind = statusKindOf(column);
  const isFlag = words.every(({ word }) => word === '0' || word === '1');
  const meanings = words.map((word) =>
    isFlag && word.field === 'payment_status' && word.word === '0'
      ? 'unpaid'
      : meaningOfRows(word, systems, kind),
  );
  const isEventLog =
    meanings.includes('browsing') || systems.some((system) => system.otherStatusesAreNoSale === true);
  return words.map(({ table_name, field, word, row_count }, at) => {
    const meaning = meanings[at] ?? 'unknown';
    const counts =
      wanted === undefined
        ? meaning === 'sale' || (meaning === 'unknown' && !isEventLog)
        : takesAll(wanted) || wanted.some((status) => plainStatus(status) === plainStatus(word));
    return { table: table_name, field, column, word, rows: row_count, meaning, counts };
  });
}

/** @throws IMPORT_REFUSED if the words are those of two sides of an account, which do not tell where the sales are */
function refuseInAndOut(words: readonly Word[], column: string): void {
  const said = words.map(({ word }) => word);
  if (!sayInAndOut(said, column)) return;
  throw new ChurnMcpError(
    'IMPORT_REFUSED',
    `The words ${quotedList(said)} in ${quoted(column)} do not tell which amounts are sales.`,
    {
      hint: `Name the word of sales: --sales-status ${mapExample(said[0] ?? '')}. Rows with the other word are left out, so subtract refunds in the file: write their amounts with a minus, and leave the column out.`,
    },
  );
}

/** A word for a refunded order stands for the refund itself if all rows with it have a negative amount. */
function meaningOfRows(
  word: Word,
  systems: readonly ShopSystem[],
  kind: 'order' | 'delivery',
): StatusMeaning {
  const meaning = meaningIn(systems, word.word, word.field === 'payment_status' ? 'payment' : kind);
  return meaning === 'refunded' && word.negative_count === word.row_count ? 'refund row' : meaning;
}

/** The meaning of a word in the known shop system wins over its usual meaning. */
function meaningIn(systems: readonly ShopSystem[], word: string, of: StatusOf): StatusMeaning {
  const plain = plainStatus(word);
  const general = meaningOfStatus(word, of);
  for (const { statuses = {}, otherStatusesAreNoSale = false } of systems) {
    const verdict = statuses[plain];
    if (verdict === 'sale') return 'sale';
    if (verdict === 'refund') return 'refund row';
    if (verdict === 'no sale' && general !== 'sale' && general !== 'unknown') return general;
    if (verdict === 'no sale') return otherStatusesAreNoSale ? 'browsing' : 'cancelled';
  }
  // Where other words are no sales, "Payment release" is none because it has a word of one.
  const isListed = systems.every(({ otherStatusesAreNoSale }) => otherStatusesAreNoSale !== true);
  return general === 'sale' && !isListed ? 'unknown' : general;
}

function takesAll(wanted: readonly string[] | undefined): boolean {
  return wanted?.length === 1 && wanted[0]?.toLowerCase() === 'all';
}

function requireWanted(wanted: readonly string[], decisions: readonly StatusDecision[]): void {
  if (takesAll(wanted)) return;
  const known = new Set(decisions.map(({ word }) => plainStatus(word)));
  const missing = wanted.filter((status) => !known.has(plainStatus(status)));
  if (missing.length === 0) return;
  const words = [...new Set(decisions.map(({ word }) => word))];
  throw new ChurnMcpError('IMPORT_REFUSED', `No row has the status ${quotedList(missing)}.`, {
    hint:
      words.length > 0
        ? `--sales-status takes words of the status column: ${quotedList(words, 20)}.`
        : 'No file has a column of statuses. Name it with --map order_status=COLUMN.',
  });
}

/** The meaning of a word for the statements: `sale`, `refund row`, or why it is no sale. */
function saidMeaning({ meaning, counts }: StatusDecision): string {
  if (meaning === 'refund row' && !counts) return 'refund row';
  if (counts) return 'sale';
  return meaning === 'sale' || meaning === 'unknown' ? 'another status' : meaning;
}

async function writeMeanings(
  connection: DuckDBConnection,
  decisions: readonly StatusDecision[],
  ignoresFlags: boolean,
): Promise<void> {
  const flags = (await connection.runAndReadAll(loadSql('duckdb/import/status_flags'))).getRowObjectsJson();
  for (const table of ['orders', 'order_items'] as const) {
    const hasFlags = flags.some((row) => {
      const { table_name, has_flags } = flagsSchema.parse(row);
      return table_name === table && has_flags && !ignoresFlags;
    });
    const ofTable = decisions.filter((decision) => decision.table === table);
    await connection.run(`set variable ${table}_has_statuses = ?`, [hasFlags || ofTable.length > 0]);
    for (const field of ['order_status', 'payment_status'] as const) {
      const words = ofTable.filter((decision) => decision.field === field);
      const entries = words.map((decision) => [decision.word, saidMeaning(decision)]);
      await connection.run(
        `set variable ${table}_${field} = cast(cast(? as json) as map(varchar, varchar))`,
        [JSON.stringify(Object.fromEntries(entries))],
      );
    }
  }
}
