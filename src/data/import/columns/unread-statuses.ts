import { ChurnMcpError } from '../../../errors.ts';
import { plural } from '../../../text/format.ts';
import { quoted, quotedList } from '../../../text/quoted.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { ImportContext } from '../import-context.ts';
import {
  type ColumnWords,
  haveStatus,
  lostWords,
  type StatusEvidence,
  statusEvidence,
} from '../meaning/status-evidence.ts';
import { plainStatus } from '../meaning/status-words.ts';
import { fileOf, mapExample } from './column-matcher.ts';
import type { OrdersFile } from './lines-within.ts';
import { type CountedWords, ownersOf, unreadWords, wordsOf } from './unread-words.ts';

const STATUS_FIELDS = ['order_status', 'payment_status'] as const;
type StatusField = (typeof STATUS_FIELDS)[number];
type OrdersTable = 'orders' | 'order_items';

/** A column with words of statuses that is not read, and the flag that reads it. */
export interface UnreadStatus {
  readonly column: string;
  readonly flag: string;
}

/** The files, in which statuses were found by their words, and columns that hold such words and are not read. */
export interface FilesWithStatuses {
  readonly files: readonly OrdersFile[];
  readonly unreadStatuses: readonly UnreadStatus[];
}

/** A column with words of statuses, and how certain it is that it is the status of orders. */
interface Candidate extends ColumnWords {
  readonly evidence: NonNullable<StatusEvidence>;
}

/** The files of a table, and what is known of its statuses. */
interface StatusesOfTable {
  readonly table: OrdersTable;
  readonly files: readonly OrdersFile[];
  readonly candidates: readonly Candidate[];
  /** Fields that no column is read as, and none is to be. */
  readonly free: readonly StatusField[];
}

/** An owner's status is the same in all orders of this many owners. */
const OWNERS_THAT_TELL = 3;

/**
 * Finds statuses in columns whose names say nothing, by their words: a column that certainly holds the status of orders is
 * read, if no other is. A column that may hold it is asked for, because cancelled orders would count in silence.
 *
 * @param toldOf the fields that the user maps, by table; `none` says that no column holds a field
 * @throws IMPORT_REFUSED if a column may be the status, or if several are
 */
export async function readUnnamedStatuses(
  all: readonly OrdersFile[],
  context: ImportContext,
  toldOf: (table: OrdersTable) => Readonly<Record<string, string>>,
): Promise<FilesWithStatuses> {
  const wanted = context.request.salesStatuses;
  const unreadStatuses: UnreadStatus[] = [];
  let files = all;
  for (const table of ['orders', 'order_items'] as const) {
    const told = toldOf(table);
    if (told.order_status === 'none' || isAll(wanted)) continue;
    const ofTable = await statusesOf(table, files, told, context.connection);
    const isTold = STATUS_FIELDS.some((field) => field in told);
    const chosen = isTold ? undefined : await chooseStatus(ofTable, wanted, context.connection);
    const field = ofTable.free[0];
    if (chosen !== undefined && field !== undefined) {
      files = files.map((file) => (file.table === table ? withField(file, field, chosen) : file));
      sayChosen(context, table, field, chosen);
    }
    const flags = FLAGS.flatMap((flag) => flagOf(ofTable, flag, told) ?? []);
    for (const flag of flags) {
      files = files.map((file) => (file.table === table ? withField(file, flag.field, flag) : file));
      context.decisions.say(
        `${quoted(flag.column)} was read as a sign that an order ${flag.says}. If it is not: --map ${table}.${flag.field}=none`,
      );
    }
    unreadStatuses.push(...unreadOf(ofTable, [chosen, ...flags]));
  }
  return { files, unreadStatuses };
}

/** Columns of yes and no, and what they say. */
const FLAGS = [
  { evidence: 'flag', field: 'cancelled_at', says: 'does not count' },
  { evidence: 'flag of sales', field: 'payment_status', says: 'counts' },
] as const;
type Flag = (typeof FLAGS)[number];

/** The column of yes and no that says whether an order counts, if no other column says so. */
function flagOf(
  { files, candidates }: StatusesOfTable,
  flag: Flag,
  told: Readonly<Record<string, string>>,
): (Candidate & Flag) | undefined {
  if (flag.field in told || files.some(({ match }) => flag.field in match)) return undefined;
  const found = candidates.find(({ evidence }) => evidence === flag.evidence);
  return found === undefined ? undefined : { ...found, ...flag };
}

function isAll(wanted: readonly string[] | undefined): boolean {
  return wanted?.length === 1 && wanted[0]?.toLowerCase() === 'all';
}

async function statusesOf(
  table: OrdersTable,
  all: readonly OrdersFile[],
  told: Readonly<Record<string, string>>,
  connection: DuckDBConnection,
): Promise<StatusesOfTable> {
  const files = all.filter((file) => file.table === table);
  const candidates: Candidate[] = [];
  for (const words of await wordsOfUnread(connection, files)) {
    const evidence = await evidenceOf(connection, files, words);
    if (evidence !== undefined) candidates.push({ ...words, evidence });
  }
  const free = STATUS_FIELDS.filter(
    (field) => told[field] !== 'none' && files.every(({ match }) => !(field in match)),
  );
  return { table, files, candidates, free };
}

/** The words of the unread columns of all files of a table, by name. */
async function wordsOfUnread(
  connection: DuckDBConnection,
  files: readonly OrdersFile[],
): Promise<ColumnWords[]> {
  const byName = new Map<string, { words: Map<string, number>; isFlag: boolean }>();
  for (const file of files) {
    for (const [column, { words, isFlag }] of await unreadWords(connection, file, mayTell)) {
      const name = file.columns[column] ?? '';
      const known = byName.get(name) ?? { words: new Map<string, number>(), isFlag };
      for (const [word, rows] of words) known.words.set(word, (known.words.get(word) ?? 0) + rows);
      byName.set(name, { words: known.words, isFlag: known.isFlag && isFlag });
    }
  }
  return [...byName].map(([column, counted]) => ({ column, ...counted }));
}

function mayTell(column: string, { words, isFlag }: CountedWords): boolean {
  return isFlag ? statusEvidence({ column, words, isFlag }) !== undefined : haveStatus(words.keys(), column);
}

/** What the words say, less if the status is that of the customer or of the product. */
async function evidenceOf(
  connection: DuckDBConnection,
  files: readonly OrdersFile[],
  words: ColumnWords,
): Promise<StatusEvidence> {
  const evidence = statusEvidence(words);
  if (evidence !== 'status' && evidence !== 'maybe') return evidence;
  const lost = lostWords(words);
  let isOwners = false;
  for (const file of files) {
    const column = file.columns.indexOf(words.column);
    for (const owner of [file.match.customer_id, file.match.product_id ?? file.match.product_name]) {
      if (owner === undefined || column < 0) continue;
      const { onlyLost, withOthers } = await ownersOf(connection, file, { owner, column, lost });
      if (withOthers === 0 && onlyLost >= OWNERS_THAT_TELL) return 'some';
      isOwners ||= withOthers === 0 && onlyLost > 0;
    }
  }
  return isOwners ? 'maybe' : evidence;
}

/** The column of statuses, if it is clear which one it is. @throws IMPORT_REFUSED if it is not */
async function chooseStatus(
  { table, files, candidates, free }: StatusesOfTable,
  wanted: readonly string[] | undefined,
  connection: DuckDBConnection,
): Promise<Candidate | undefined> {
  const withWanted = candidates.filter(({ words }) =>
    wanted?.some((status) => [...words.keys()].some((word) => plainStatus(word) === plainStatus(status))),
  );
  const certain = candidates.filter(({ evidence }) => evidence === 'status');
  const isRead = free.length < STATUS_FIELDS.length;
  if (isRead) {
    // A status that makes no row a no sale says less than this one.
    const [only, other] = certain;
    return other === undefined && !(await readStatusDecides(connection, files)) ? only : undefined;
  }
  const [only, other] = withWanted.length > 0 ? withWanted : certain;
  if (only !== undefined && other === undefined) return only;
  const possible = only === undefined ? candidates.filter(({ evidence }) => evidence === 'maybe') : certain;
  const [first, second] = possible;
  if (first !== undefined) throw unclear(table, first, second);
  return undefined;
}

async function readStatusDecides(
  connection: DuckDBConnection,
  files: readonly OrdersFile[],
): Promise<boolean> {
  for (const file of files) {
    const read = STATUS_FIELDS.flatMap((field) => file.match[field] ?? []);
    const words = await wordsOf(connection, file, read);
    if ([...words.values()].some((column) => lostWords(column).length > 0)) return true;
  }
  return false;
}

function withField(file: OrdersFile, field: StatusField | 'cancelled_at', { column }: Candidate): OrdersFile {
  const position = file.columns.indexOf(column);
  return position < 0 ? file : { ...file, match: { ...file.match, [field]: position } };
}

function sayChosen(
  { decisions }: ImportContext,
  table: OrdersTable,
  field: StatusField,
  { column, words }: Candidate,
): void {
  decisions.say(
    `${quoted(column)} was read as the status of ${table === 'orders' ? 'orders' : 'order lines'}, because of its words: ${quotedList([...words.keys()], 6)}. If it is not: --map ${table}.${field}=none`,
  );
}

function unclear(table: OrdersTable, one: Candidate, other: Candidate | undefined): ChurnMcpError {
  const mapping = (field: StatusField, { column }: Candidate) =>
    `--map ${table}.${field}=${mapExample(column)}`;
  const none = `If every order counts, add --map ${table}.order_status=none.`;
  if (other !== undefined) {
    return new ChurnMcpError(
      'IMPORT_REFUSED',
      `In the ${fileOf(table)} file both ${quoted(one.column)} and ${quoted(other.column)} may say which orders count.`,
      {
        hint: `Name the status, and the status of the payment if there is one: ${mapping('order_status', one)} ${mapping('payment_status', other)}. ${none}`,
      },
    );
  }
  const example = lostWords(one)[0] ?? '';
  return new ChurnMcpError(
    'IMPORT_REFUSED',
    `The column ${quoted(one.column)} of the ${fileOf(table)} file may say which orders count: ${quoted(example)} is in ${plural(one.words.get(example) ?? 0, 'row')}. No column was recognised as the status.`,
    { hint: `If it is the status, add ${mapping('order_status', one)}. ${none}` },
  );
}

/** Candidates that stay unread, with the flag that reads them. */
function unreadOf(
  { table, candidates, free }: StatusesOfTable,
  read: readonly (Candidate | undefined)[],
): UnreadStatus[] {
  const [field = 'order_status'] = read.some((each) => each?.evidence === 'status') ? free.slice(1) : free;
  return candidates
    .filter((candidate) => !read.includes(candidate))
    .map(({ column, evidence }) => {
      const use = FLAGS.find((flag) => flag.evidence === evidence)?.field ?? field;
      return { column, flag: `--map ${table}.${use}=${mapExample(column)}` };
    });
}
