import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import { readRow } from '../staging/relations.ts';
import type { ShopSystem } from '../systems/shop-system.ts';

/** Words that shops write instead of a customer without an account. Lower case. */
const GUEST_WORDS = [
  'guest',
  'guests',
  'guest user',
  'guest customer',
  'guest checkout',
  'anonymous',
  'anonymous user',
  'anonymous customer',
  'anonym',
  'walk-in',
  'walk in',
  'walkin',
  'walk-in customer',
  'walk in customer',
  'cash customer',
  'cash sale',
  'cash',
  'unknown customer',
  'no customer',
  'no account',
  'not registered',
  'unregistered',
  'not set',
  '(not set)',
  'default customer',
  'gast',
  'gastkunde',
  'gastbestellung',
  'laufkunde',
  'laufkundschaft',
  'barverkauf',
  'unbekannt',
  'invité',
  'invite',
  'client invité',
  'client de passage',
  'inconnu',
  'anonyme',
  'invitado',
  'cliente invitado',
  'consumidor final',
  'anónimo',
  'ospite',
  'cliente occasionale',
  'anonimo',
  'convidado',
  'anônimo',
  'gość',
  'gosc',
  'nieznany',
  'gäst',
  'gæst',
  'gjest',
  'okänd',
  'vieras',
  'host',
] as const;

const presentSchema = z.object({ id: z.string(), row_count: z.coerce.number() });
const othersSchema = z.object({
  other_customers: z.coerce.number(),
  others_are_numbers: z.boolean(),
  greatest_id: z.coerce.number(),
  most_orders: z.coerce.number(),
});

/** A customer id that stands for all guests together. */
export interface GuestId {
  readonly id: string;
  readonly rows: number;
}

/**
 * Finds the ids of guests in the staged rows, and sets the variable `guest_ids`.
 *
 * @param named ids that the user says are guests'
 */
export async function findGuests(
  connection: DuckDBConnection,
  systems: readonly ShopSystem[],
  named: readonly string[],
): Promise<GuestId[]> {
  const all = [...GUEST_WORDS, ...systems.flatMap(({ guests = [] }) => guests), ...named];
  const words = [...new Set(all.map((word) => word.toLowerCase()))];
  await connection.run('set variable guest_words = cast(cast(? as json) as varchar[])', [
    JSON.stringify(words),
  ]);
  const beginWithDigits = words.some((word) => /^[1-9]/.test(word));
  const result = await connection.runAndReadAll(loadSql('duckdb/import/guest_ids'), [beginWithDigits]);
  const found = result
    .getRowObjectsJson()
    .map((row) => presentSchema.parse(row))
    .map(({ id, row_count }) => ({ id, rows: row_count }));
  const guests = found.filter(({ id }) => words.includes(id));
  const zero = found.find(({ id }) => id === '0' && !words.includes(id));
  if (zero !== undefined && (await isZeroGuest(connection, zero.rows))) guests.push(zero);
  await connection.run('set variable guest_ids = cast(cast(? as json) as varchar[])', [
    JSON.stringify(guests.map(({ id }) => id)),
  ]);
  return guests;
}

/**
 * Whether 0 is a guest. It is not if customers are numbered from 0: then the ids are numbers without large gaps, and
 * customer 0 has about as many orders as others.
 */
async function isZeroGuest(connection: DuckDBConnection, zeroOrders: number): Promise<boolean> {
  const others = othersSchema.parse(await readRow(connection, 'duckdb/import/customers_beside_zero'));
  const isNumberedFromZero =
    others.others_are_numbers &&
    others.other_customers >= (others.greatest_id + 1) / 2 &&
    zeroOrders <= 3 * Math.max(others.most_orders, 1);
  return !isNumberedFromZero;
}
